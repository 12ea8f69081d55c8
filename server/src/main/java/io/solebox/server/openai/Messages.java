package io.solebox.server.openai;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code messages} of a chat, as templates take them: {@code role} and {@code content}, and of
 * earlier tool calls {@code tool_calls}, {@code tool_call_id} and {@code name}.
 */
final class Messages {
  /** What the arguments of an earlier tool call may be. */
  static final JsonLimits ARGUMENTS = new JsonLimits(1 << 20, 32, 1 << 20, 10_000);

  private final FieldTable table;
  private final JsonReader argumentReader;
  private final boolean strict;
  private boolean lastIsPrefix;

  /**
   * @param argumentReader within {@link #ARGUMENTS}
   * @param strict whether fields without effect are refused
   */
  Messages(FieldTable table, JsonReader argumentReader, boolean strict) {
    this.table = table;
    this.argumentReader = argumentReader;
    this.strict = strict;
  }

  List<Map<String, Object>> read(Fields body) {
    List<Object> values = body.array("messages").orElseThrow(() -> Params.missing("messages"));
    if (values.isEmpty()) {
      throw Params.invalidValue("messages", "'messages' is empty; it needs at least one.");
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      messages.add(
          message(Fields.of(table, OpenAiFields.MESSAGE, values.get(i), "messages[" + i + "]")));
    }
    return messages;
  }

  /** Whether the last message says of itself that the answer goes on with it. */
  boolean lastIsPrefix() {
    return lastIsPrefix;
  }

  private Map<String, Object> message(Fields message) {
    Map<String, Object> values = new LinkedHashMap<>();
    String role = role(message);
    List<Object> calls = toolCalls(message);
    values.put("role", role);
    values.put("content", content(message, role));
    message.string("name").ifPresent(name -> values.put("name", name));
    message.raw("reasoning_content").or(() -> message.raw("reasoning")).stream()
        .filter(String.class::isInstance) // some programs send objects of their own
        .forEach(text -> values.put("reasoning_content", text));
    if (!calls.isEmpty()) {
      values.put("tool_calls", calls);
    }
    message.string("tool_call_id").ifPresent(id -> values.put("tool_call_id", id));
    lastIsPrefix = message.flag("prefix") | message.flag("partial"); // Mistral's name, Moonshot's
    message.settle(strict);
    return values;
  }

  private static String role(Fields message) {
    String role = message.string("role").orElseThrow(() -> Params.missing(message.param("role")));
    return switch (role) {
      case "system", "user", "assistant", "tool" -> role;
      // OpenAI's newer name and its older one; templates know these.
      case "developer" -> "system";
      case "function" -> "tool";
      default ->
          throw Params.invalidValue(
              message.param("role"),
              "'%s' is '%s', but must be system, developer, user, assistant or tool."
                  .formatted(message.param("role"), Texts.abbreviated(role)));
    };
  }

  private String content(Fields message, String role) {
    if (!message.has("content") && message.has("refusal")) {
      return message.string("refusal").orElseThrow();
    }
    Optional<Object> content = message.raw("content");
    if (content.isEmpty()) {
      // An assistant that only called tools said nothing.
      if (!message.isGiven("content") && !role.equals("assistant")) {
        throw Params.missing(message.param("content"));
      }
      return "";
    }
    return switch (content.get()) {
      case String text -> text;
      case List<?> parts -> joined(parts, message.param("content"));
      case Object other ->
          throw Params.invalidType(
              message.param("content"), "a string or an array of parts", other);
    };
  }

  private String joined(List<?> parts, String param) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      texts.add(part(Fields.of(table, OpenAiFields.PART, parts.get(i), param + "[" + i + "]")));
    }
    return String.join("\n", texts);
  }

  private String part(Fields part) {
    String type = part.string("type").orElseThrow(() -> Params.missing(part.param("type")));
    String member =
        switch (type) {
          case "text", "input_text", "output_text" -> "text";
          case "refusal" -> "refusal";
          default ->
              throw Params.unsupported(
                  part.param("type"),
                  "Only parts of type 'text' are supported, not '%s'."
                      .formatted(Texts.abbreviated(type)));
        };
    String text = part.string(member).orElseThrow(() -> Params.missing(part.param(member)));
    part.settle(strict);
    return text;
  }

  /** Calls of earlier turns, with their arguments as templates want them: as objects. */
  private List<Object> toolCalls(Fields message) {
    List<Object> calls = new ArrayList<>();
    String param = message.param("tool_calls");
    List<Object> given = message.array("tool_calls").orElse(List.of());
    for (int i = 0; i < given.size(); i++) {
      Fields call = Fields.of(table, OpenAiFields.TOOL_CALL, given.get(i), param + "[" + i + "]");
      Map<String, Object> read = new LinkedHashMap<>();
      call.string("id").ifPresent(id -> read.put("id", id));
      read.put("type", "function");
      read.put(
          "function",
          function(
              call.object("function", OpenAiFields.TOOL_CALL)
                  .orElseThrow(() -> Params.missing(call.param("function")))));
      calls.add(read);
    }
    message
        .object("function_call", OpenAiFields.TOOL_CALL)
        .ifPresent(call -> calls.add(Map.of("type", "function", "function", function(call))));
    return calls;
  }

  private Map<String, Object> function(Fields function) {
    Map<String, Object> read = new LinkedHashMap<>();
    read.put(
        "name", function.string("name").orElseThrow(() -> Params.missing(function.param("name"))));
    read.put("arguments", arguments(function.raw("arguments").orElse("{}")));
    return read;
  }

  private Object arguments(Object given) {
    if (given instanceof String text) {
      try {
        return argumentReader.read(text.getBytes(StandardCharsets.UTF_8));
      } catch (JsonException e) {
        return text; // a model may have written anything; the template shows it as it was
      }
    }
    return given;
  }
}
