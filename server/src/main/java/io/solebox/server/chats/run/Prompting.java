package io.solebox.server.chats.run;

import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Step;
import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.Quotes;
import io.solebox.server.params.Fields;
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
 * and an empty line. What an answer is based on stands in front of all of that ({@link Quotes}).
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

  /** What a model hears of a call that nobody has done. */
  private static final Map<Call.State, String> UNDONE =
      Map.of(
          Call.State.REFUSED, "The user refused this call.",
          Call.State.ASKED, "This call was not done.",
          Call.State.APPROVED, "This call was not done.",
          Call.State.RUNNING, "It is not known whether this call was done.",
          Call.State.UNKNOWN, "It is not known whether this call was done.");

  private static final String REASONING = "reasoning_content";

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
   * @param path from the first message on, to what is answered
   * @param answer as far as it is; the model goes on behind its steps and its text
   * @param tools as the API takes them; none where there are none
   */
  public static Map<String, Object> body(
      Optional<String> model,
      String system,
      List<Attachment> documents,
      List<Message> path,
      Message answer,
      Map<String, Object> options,
      List<Object> tools) {
    List<Object> messages = new ArrayList<>();
    String told = system(system, documents);
    if (!told.isBlank()) {
      messages.add(Map.of("role", "system", "content", told));
    }
    path.forEach(each -> messages.addAll(messages(each)));
    quote(messages, answer);
    answer.steps().forEach(step -> addStep(messages, step));
    Map<String, Object> body = new LinkedHashMap<>(options);
    model.ifPresent(name -> body.put("model", name));
    if (!tools.isEmpty()) {
      body.put("tools", tools);
    }
    body.put("messages", messages);
    if (!answer.text().isBlank()) {
      messages.add(said(answer));
      body.put("continue_final_message", true);
      body.put("add_generation_prompt", false);
    }
    return body;
  }

  /** Puts what the answer is based on in front of what it answers. */
  private static void quote(List<Object> messages, Message answer) {
    if (answer.about().get(Message.SOURCES) instanceof List<?> sources && !messages.isEmpty()) {
      Map<String, Object> asked = new LinkedHashMap<>(Fields.members(messages.removeLast(), ""));
      asked.put("content", Quotes.of(sources) + asked.get("content"));
      messages.add(asked);
    }
  }

  private static String system(String system, List<Attachment> documents) {
    if (documents.isEmpty()) {
      return system;
    }
    String gap = system.isBlank() ? "" : "\n\n";
    return system.strip() + gap + files(documents).strip();
  }

  /** A message with the steps before it; what ended before it said more has these alone. */
  private static List<Object> messages(Message message) {
    List<Object> messages = new ArrayList<>();
    message.steps().forEach(step -> addStep(messages, step));
    if (messages.isEmpty() || !message.text().isBlank()) {
      messages.add(said(message));
    }
    return messages;
  }

  private static void addStep(List<Object> messages, Step step) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("role", Role.ASSISTANT.word());
    made.put("content", step.text());
    if (!step.reasoning().isEmpty()) {
      made.put(REASONING, step.reasoning());
    }
    made.put("tool_calls", step.calls().stream().map(Prompting::called).toList());
    messages.add(made);
    for (Call call : step.calls()) {
      Map<String, Object> heard = new LinkedHashMap<>();
      heard.put("role", "tool");
      heard.put("tool_call_id", call.id());
      heard.put(
          "content",
          call.result().isEmpty() ? UNDONE.getOrDefault(call.state(), "") : call.result());
      messages.add(heard);
    }
  }

  /** As messages have it. */
  private static Map<String, Object> called(Call call) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    function.put("arguments", call.arguments());
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("id", call.id());
    made.put("type", "function");
    made.put("function", function);
    return made;
  }

  private static Map<String, Object> said(Message message) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("role", message.role().word());
    made.put("content", content(message));
    if (message.role() == Role.ASSISTANT) {
      if (!message.reasoning().isEmpty()) {
        made.put(REASONING, message.reasoning());
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
