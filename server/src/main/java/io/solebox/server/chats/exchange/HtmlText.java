package io.solebox.server.chats.exchange;

import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Step;
import java.time.Instant;
import java.util.List;

/** A chat as one page of HTML without scripts, which asks for nothing from anywhere. */
public final class HtmlText {
  private static final String HEAD =
      """
      <!doctype html>
      <html>
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>%1$s</title>
      <style>
      :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
      body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
      article { margin: 1.5rem 0; }
      h2 { font-size: 1rem; margin: 0; }
      time, .attached { opacity: .7; font-size: .85rem; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .5rem 0; }
      details pre { opacity: .8; }
      </style>
      </head>
      <body>
      <h1>%1$s</h1>
      """;

  private HtmlText() {}

  /**
   * @param path from the first message on
   */
  public static String of(Chat chat, List<Message> path) {
    String title = chat.title().isEmpty() ? "Chat" : chat.title();
    StringBuilder out = new StringBuilder(HEAD.formatted(escaped(title)));
    for (Message each : path) {
      out.append("<article>\n<h2>").append(escaped(MarkdownText.who(each))).append("</h2>\n");
      out.append("<time>").append(Instant.ofEpochMilli(each.created())).append("</time>\n");
      for (Attachment attached : each.attachments()) {
        out.append("<p class=\"attached\">").append(escaped(attached.name())).append("</p>\n");
      }
      each.steps().forEach(step -> addStep(out, step));
      addFolded(out, "Reasoning", each.reasoning());
      out.append("<pre dir=\"auto\">").append(escaped(each.text())).append("</pre>\n");
      addFolded(out, "Sources", String.join("\n", Cited.lines(each)));
      out.append("</article>\n");
    }
    return out.append("</body>\n</html>\n").toString();
  }

  private static void addStep(StringBuilder out, Step step) {
    addFolded(out, "Reasoning", step.reasoning());
    if (!step.text().isBlank()) {
      out.append("<pre dir=\"auto\">").append(escaped(step.text())).append("</pre>\n");
    }
    for (Call call : step.calls()) {
      addFolded(out, "Tool: " + call.name(), MarkdownText.told(call));
    }
  }

  private static void addFolded(StringBuilder out, String title, String text) {
    if (!text.isEmpty()) {
      out.append("<details><summary>")
          .append(escaped(title))
          .append("</summary><pre dir=\"auto\">")
          .append(escaped(text))
          .append("</pre></details>\n");
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
