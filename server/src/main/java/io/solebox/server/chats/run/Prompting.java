package io.solebox.server.chats.run;

import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.http.Problem;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bodies of {@code /v1/chat/completions} that ask for what follows a message of a chat. What is
 * attached to a message stands in front of what the user says, and the documents of a persona
 * behind the system message, each text as
 *
 * <pre>{@code
 * <file name="notes.md">
 * the text
 * </file>
 * }</pre>
 *
 * and an empty line.
 */
public final class Prompting {
  /** What a chat says itself, and no options say otherwise. */
  private static final List<String> NO_OPTIONS =
      List.of(
          "model",
          "messages",
          "stream",
          "stream_options",
          "store",
          "metadata",
          "n",
          "continue_final_message",
          "add_generation_prompt");

  private Prompting() {}

  /**
   * @throws Problem 400 if one of these is no option
   */
  public static void requireOptions(Map<String, Object> options) {
    for (String name : NO_OPTIONS) {
      if (options.get(name) != null) {
        throw Params.unsupported("options." + name, "The chat says this itself.");
      }
    }
  }

  /**
   * The messages from the first one to a message.
   *
   * @param all of a chat
   * @throws Problem 404 if it is not among them
   */
  public static List<Message> path(List<Message> all, String last) {
    Map<String, Message> byId = new HashMap<>();
    all.forEach(each -> byId.put(each.id(), each));
    List<Message> path = new ArrayList<>();
    Optional<String> next = Optional.of(last);
    while (next.isPresent()) {
      Message message = byId.get(next.get());
      if (message == null) {
        throw Problem.of(404, "not_found", "There is no such message in this chat.");
      }
      path.addFirst(message);
      next = message.parent();
    }
    return path;
  }

  /**
   * @param system a system message; empty for none
   * @param documents texts behind it
   * @param path from the first message on
   * @param goesOn whether the answer goes on with the last of them
   */
  public static Map<String, Object> body(
      Optional<String> model,
      String system,
      List<Attachment> documents,
      List<Message> path,
      Map<String, Object> options,
      boolean goesOn) {
    List<Object> messages = new ArrayList<>();
    String told = system(system, documents);
    if (!told.isBlank()) {
      messages.add(Map.of("role", "system", "content", told));
    }
    path.forEach(each -> messages.add(message(each)));
    Map<String, Object> body = new LinkedHashMap<>(options);
    model.ifPresent(name -> body.put("model", name));
    body.put("messages", messages);
    if (goesOn) {
      body.put("continue_final_message", true);
      body.put("add_generation_prompt", false);
    }
    return body;
  }

  private static String system(String system, List<Attachment> documents) {
    if (documents.isEmpty()) {
      return system;
    }
    String gap = system.isBlank() ? "" : "\n\n";
    return system.strip() + gap + files(documents).strip();
  }

  private static Map<String, Object> message(Message message) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("role", message.role().word());
    made.put("content", content(message));
    if (message.role() == Role.ASSISTANT) {
      if (!message.reasoning().isEmpty()) {
        made.put("reasoning_content", message.reasoning());
      }
      Optional.ofNullable(message.about().get("tool_calls"))
          .ifPresent(calls -> made.put("tool_calls", calls));
    }
    return made;
  }

  /** What a message says, with what is attached to it. */
  public static String content(Message message) {
    return files(message.attachments()) + message.text();
  }

  private static String files(List<Attachment> attachments) {
    StringBuilder files = new StringBuilder();
    for (Attachment each : attachments) {
      files
          .append("<file name=\"")
          .append(each.name().replace("\"", "'"))
          .append("\">\n")
          .append(each.text())
          .append(each.text().endsWith("\n") ? "" : "\n")
          .append("</file>\n\n");
    }
    return files.toString();
  }
}
