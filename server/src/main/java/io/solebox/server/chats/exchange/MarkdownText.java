package io.solebox.server.chats.exchange;

import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Step;
import java.time.Instant;
import java.util.List;

/** A chat as Markdown: the messages that lead to the one that is shown last. */
public final class MarkdownText {
  private MarkdownText() {}

  /**
   * @param path from the first message on
   */
  public static String of(Chat chat, List<Message> path) {
    StringBuilder out = new StringBuilder();
    String title = chat.title().isEmpty() ? "Chat" : chat.title();
    out.append("# ").append(title.replace('\n', ' ')).append("\n\n");
    for (Message each : path) {
      out.append("## ").append(who(each)).append("\n\n");
      out.append('*').append(Instant.ofEpochMilli(each.created())).append("*\n\n");
      for (Attachment attached : each.attachments()) {
        out.append("> Attached: ").append(attached.name().replace('\n', ' ')).append("\n\n");
      }
      each.steps().forEach(step -> addStep(out, step));
      if (!each.reasoning().isEmpty()) {
        out.append(quoted(each.reasoning())).append("\n\n");
      }
      out.append(each.text().strip()).append("\n\n");
      addSources(out, Cited.lines(each));
    }
    return out.toString();
  }

  private static void addSources(StringBuilder out, List<String> sources) {
    if (!sources.isEmpty()) {
      out.append("Sources:\n\n");
      sources.forEach(line -> out.append("- ").append(line).append('\n'));
      out.append('\n');
    }
  }

  private static void addStep(StringBuilder out, Step step) {
    for (String text : List.of(quoted(step.reasoning()), step.text().strip())) {
      if (!text.isBlank() && !text.equals("> ")) {
        out.append(text).append("\n\n");
      }
    }
    for (Call call : step.calls()) {
      out.append(quoted("Tool: " + told(call))).append("\n\n");
    }
  }

  /** A call and what came of it, for people. */
  static String told(Call call) {
    String result = call.result().isEmpty() ? "" : "\n" + call.result();
    return "%s %s (%s)%s".formatted(call.name(), call.arguments(), call.state().word(), result);
  }

  /** Who says it, for people. */
  static String who(Message message) {
    return switch (message.role()) {
      case USER -> "User";
      case ASSISTANT ->
          message.about().get("model") instanceof String model
              ? "Assistant (" + model + ")"
              : "Assistant";
    };
  }

  private static String quoted(String text) {
    return "> " + text.strip().replace("\n", "\n> ");
  }
}
