package io.solebox.scout.channel.mail;

import io.solebox.scout.channel.Message;
import io.solebox.scout.notice.Block;
import io.solebox.scout.notice.Cut;
import io.solebox.scout.notice.NoticeText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A message as mail: plain text in UTF-8 (RFC 5322, 2045), whose {@code Message-ID} is made of its
 * key, so that a repeat is known by it.
 */
final class MailText {
  /** A line with encoded words has 76 characters at most (RFC 2047), the header's name included. */
  private static final int MOST_WORD_BYTES = 39;

  private static final int MOST_SUBJECT = 150;

  /** RFC 5322 wants English names and numbers for zones. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ROOT);

  private final String from;
  private final List<String> to;
  private final NoticeText text;
  private final ZoneId zone;

  MailText(String from, List<String> to, NoticeText text, ZoneId zone) {
    this.from = from;
    this.to = to;
    this.text = text;
    this.zone = zone;
  }

  /** With ends of lines as mail has them. */
  String of(Message message, Instant now) {
    List<Block> blocks = message.news().stream().map(text::of).toList();
    String domain = from.substring(from.indexOf('@') + 1);
    List<String> head = new ArrayList<>();
    head.add("From: <" + from + ">");
    head.add(
        "To: " + to.stream().map(one -> "<" + one + ">").collect(Collectors.joining(",\r\n ")));
    head.add("Subject: " + encoded(subject(blocks, message.perhapsAgain())));
    head.add("Date: " + DATE.format(now.atZone(zone)));
    head.add("Message-ID: <" + message.key() + "@" + domain + ">");
    head.add("Auto-Submitted: auto-generated");
    head.add("MIME-Version: 1.0");
    head.add("Content-Type: text/plain; charset=utf-8");
    head.add("Content-Transfer-Encoding: base64");
    String body = blocks.stream().map(MailText::plain).collect(Collectors.joining("\r\n\r\n"));
    return String.join("\r\n", head)
        + "\r\n\r\n"
        + Base64.getMimeEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8))
        + "\r\n";
  }

  private static String subject(List<Block> blocks, boolean perhapsAgain) {
    String subject =
        blocks.size() == 1
            ? blocks.getFirst().title()
            : "%d pieces of news: %s".formatted(blocks.size(), blocks.getFirst().title());
    return Cut.to(perhapsAgain ? "(perhaps a repeat) " + subject : subject, MOST_SUBJECT);
  }

  private static String plain(Block block) {
    List<String> lines = new ArrayList<>();
    lines.add(block.title());
    block.page().ifPresent(page -> lines.add(page.toASCIIString()));
    block.lines().forEach(line -> lines.add(line.plain()));
    return String.join("\r\n", lines);
  }

  /** As encoded words of RFC 2047 where it is not plain letters; no character is in two of them. */
  static String encoded(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 127) && text.length() < 60) {
      return text;
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int bytes = 0;
    for (int point : text.codePoints().toArray()) {
      int size = Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
      if (bytes + size > MOST_WORD_BYTES) {
        words.add(word.toString());
        word.setLength(0);
        bytes = 0;
      }
      word.appendCodePoint(point);
      bytes += size;
    }
    words.add(word.toString());
    return words.stream()
        .map(one -> Base64.getEncoder().encodeToString(one.getBytes(StandardCharsets.UTF_8)))
        .map(one -> "=?UTF-8?B?" + one + "?=")
        .collect(Collectors.joining("\r\n "));
  }
}
