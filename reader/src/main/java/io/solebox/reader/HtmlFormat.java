package io.solebox.reader;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** HTML by jsoup. What a page would fetch is not fetched, and what it would run does not run. */
final class HtmlFormat implements Format {
  private static final int HEAD = 4096;
  private static final Pattern CHARSET =
      Pattern.compile("(?:charset|encoding)\\s*=\\s*[\"']?\\s*([\\w.:-]{1,40})");

  @Override
  public void read(byte[] file, Text out) throws Refusal {
    Decoded decoded = Decoded.of(file, charset(file));
    for (String note : decoded.notes()) {
      out.note(note);
    }
    read(decoded.text(), out);
  }

  /** A page that is text already. */
  static void read(String html, Text out) throws Refusal {
    Document page = Jsoup.parse(html.startsWith("\ufeff") ? html.substring(1) : html);
    if (page.selectFirst("h1") == null) {
      out.heading(1, page.title());
    }
    Markup.read(page.body(), out);
    out.flush();
  }

  /** By its mark, or what it says of itself in its beginning. */
  private static Optional<String> charset(byte[] file) {
    if (file.length > 1 && (file[0] & 0xff) + (file[1] & 0xff) == 0xfe + 0xff) {
      return Optional.of("UTF-16");
    }
    String head =
        new String(file, 0, Math.min(file.length, HEAD), StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT);
    Matcher named = CHARSET.matcher(head);
    return named.find() ? Optional.of(named.group(1)) : Optional.empty();
  }
}
