package io.solebox.app.console;

import io.solebox.engine.error.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pages of one file that need no network and run no script: its policy forbids both. Light and dark
 * follow the reader, and paper is light. What it writes is well-formed as XML, too.
 */
public final class Html {
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  private Html() {}

  /** What somebody else says, as text or the value of an attribute. */
  public static String text(String text) {
    return Printable.line(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /**
   * A whole page.
   *
   * @param title as plain text
   * @param body as HTML
   */
  public static String page(String title, String body) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="%s"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        %s</main>
        </body>
        </html>
        """
        .formatted(POLICY, text(title), style(), body);
  }

  private static String style() {
    try (InputStream in = Html.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A table that scrolls in itself where there is no room for it.
   *
   * @param head plain text
   * @param rows cells as HTML, as many as the head has
   */
  public static String table(List<Column> head, List<List<String>> rows) {
    var out = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
    head.forEach(
        column -> out.append("<th%s>%s</th>".formatted(column.attribute(), text(column.name()))));
    out.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        out.append("<td%s>%s</td>".formatted(head.get(i).attribute(), row.get(i)));
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n").toString();
  }

  /**
   * A column of a table.
   *
   * @param isNumber whether it stands at the right
   */
  public record Column(String name, boolean isNumber) {
    public static Column words(String name) {
      return new Column(name, false);
    }

    public static Column numbers(String name) {
      return new Column(name, true);
    }

    private String attribute() {
      return isNumber ? " class=\"n\"" : "";
    }
  }

  /** A list of sentences. */
  public static String list(List<String> sentences) {
    return sentences.stream()
        .map(each -> "<li>" + text(each) + "</li>\n")
        .collect(Collectors.joining("", "<ul>\n", "</ul>\n"));
  }
}
