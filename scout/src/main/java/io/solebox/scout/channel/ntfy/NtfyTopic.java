package io.solebox.scout.channel.ntfy;

import io.solebox.engine.json.JsonWriter;
import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.channel.Posting;
import io.solebox.scout.notice.Block;
import io.solebox.scout.notice.Cut;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.notice.NoticeText;
import io.solebox.scout.notice.Told;
import io.solebox.scout.notice.Word;
import io.solebox.scout.story.Happening;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A topic of an ntfy server, to which is published <a
 * href="https://docs.ntfy.sh/publish/#publish-as-json">as JSON</a>. The message's key is its
 * sequence, so that servers from 2.16 on show a repeat in the place of the first; others show it
 * again.
 */
public final class NtfyTopic implements Channel {
  /** What is longer than 4096 bytes would become a file to download. */
  private static final int MOST_BYTES = 4000;

  private static final int MOST_TITLE = 200;
  private static final int MOST_NEWS = 10;
  private static final int USUAL = 3;
  private static final int HIGH = 4;

  private static final String REMEDY =
      "See that the token may still write to the topic, and that the server's address is right.";

  private static final JsonWriter JSON = new JsonWriter();

  private final String name;
  private final URI server;
  private final String topic;
  private final Optional<Secret> token;
  private final Posting posting;
  private final NoticeText text;

  /**
   * @param topic which is a secret where there is no token
   */
  public NtfyTopic(
      String name,
      URI server,
      String topic,
      Optional<Secret> token,
      Outbound outbound,
      NoticeText text) {
    this.name = name;
    this.server = server;
    this.topic = topic;
    this.token = token;
    this.posting = new Posting(outbound);
    this.text = text;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int most() {
    return MOST_NEWS;
  }

  @Override
  public Delivery send(Message message) throws InterruptedException {
    List<Block> blocks = message.news().stream().map(text::of).toList();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("topic", topic);
    body.put("sequence_id", message.key());
    body.put("title", title(blocks));
    body.put("message", body(blocks));
    body.put("priority", message.news().stream().anyMatch(NtfyTopic::isUrgent) ? HIGH : USUAL);
    body.put("tags", tags(message));
    if (blocks.size() == 1) {
      blocks.getFirst().page().ifPresent(page -> body.put("click", page.toASCIIString()));
    }
    return posting.send(
        Ask.post(server, new Ask.Body("application/json", JSON.bytes(body))).with(token),
        reply -> Posting.read(reply, REMEDY));
  }

  private static String title(List<Block> blocks) {
    return blocks.size() == 1
        ? Cut.to(blocks.getFirst().title(), MOST_TITLE)
        : blocks.size() + " pieces of news of the scout";
  }

  /** Of several each gets the same room. */
  private static String body(List<Block> blocks) {
    int room = MOST_BYTES / blocks.size() - 2;
    List<String> parts = new ArrayList<>();
    for (Block block : blocks) {
      List<String> lines = new ArrayList<>();
      if (blocks.size() > 1) {
        lines.add(block.title());
        block.page().ifPresent(page -> lines.add(page.toASCIIString()));
      }
      block.lines().forEach(line -> lines.add(line.plain()));
      parts.add(Cut.toBytes(String.join("\n", lines), room));
    }
    return String.join("\n\n", parts);
  }

  private static boolean isUrgent(Told told) {
    return switch (told) {
      case Notice notice -> notice.event().happening() == Happening.ENDING;
      case Word _ -> true;
    };
  }

  /** Those that are names of emoji are shown as these. */
  private static List<String> tags(Message message) {
    List<String> tags = new ArrayList<>();
    for (Told told : message.news()) {
      String tag =
          switch (told) {
            case Notice notice -> tag(notice.event().happening());
            case Word _ -> "warning";
          };
      if (!tags.contains(tag)) {
        tags.add(tag);
      }
    }
    if (message.perhapsAgain()) {
      tags.add("perhaps a repeat");
    }
    return tags;
  }

  private static String tag(Happening happening) {
    return switch (happening) {
      case NEW -> "new";
      case PRICE_DROP -> "chart_with_downwards_trend";
      case ENDING -> "hourglass";
      case BACK -> "back";
    };
  }
}
