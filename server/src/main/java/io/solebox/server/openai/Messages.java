package io.solebox.server.openai;

import io.solebox.server.error.ApiError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The {@code messages} of a chat, as templates take them: {@code role} and {@code content}. */
final class Messages {
  private static final Set<String> KNOWN =
      Set.of(
          "role",
          "content",
          "name",
          "refusal",
          "annotations",
          "audio",
          "tool_calls",
          "tool_call_id",
          "function_call",
          "reasoning_content");

  private static final Set<String> TOOLS = Set.of("tool_calls", "tool_call_id", "function_call");

  private Messages() {}

  static List<Map<String, Object>> read(Fields body) {
    List<Object> values = body.array("messages").orElseThrow(() -> ApiError.missing("messages"));
    if (values.isEmpty()) {
      throw ApiError.invalidValue("messages", "'messages' is empty; it needs at least one.");
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      messages.add(message(Fields.of(values.get(i), "messages[" + i + "]")));
    }
    return messages;
  }

  private static Map<String, Object> message(Fields message) {
    message.refuseOthers(KNOWN);
    for (String name : TOOLS) {
      if (!message.isTrivial(name)) {
        throw ApiError.unsupported(message.param(name), "This server does not have tools yet.");
      }
    }
    if (!message.isTrivial("audio")) {
      throw ApiError.unsupported(message.param("audio"), "Only text is supported.");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("role", role(message));
    values.put("content", content(message));
    message.string("name").ifPresent(name -> values.put("name", name));
    message.string("reasoning_content").ifPresent(text -> values.put("reasoning_content", text));
    return values;
  }

  private static String role(Fields message) {
    String role = message.string("role").orElseThrow(() -> ApiError.missing(message.param("role")));
    return switch (role) {
      case "system", "user", "assistant" -> role;
      // OpenAI's newer name; templates know the older one.
      case "developer" -> "system";
      case "tool", "function" ->
          throw ApiError.unsupported(message.param("role"), "This server does not have tools yet.");
      default ->
          throw ApiError.invalidValue(
              message.param("role"),
              "'%s' is '%s', but must be system, developer, user or assistant."
                  .formatted(message.param("role"), CommonFields.abbreviated(role)));
    };
  }

  private static String content(Fields message) {
    if (!message.has("content") && message.has("refusal")) {
      return message.string("refusal").orElseThrow();
    }
    return switch (message.object().get("content")) {
      case null -> throw ApiError.missing(message.param("content"));
      case String text -> text;
      case List<?> parts -> joined(parts, message.param("content"));
      case Object other ->
          throw ApiError.invalidType(
              message.param("content"), "a string or an array of parts", other);
    };
  }

  private static String joined(List<?> parts, String param) {
    if (parts.isEmpty()) {
      throw ApiError.invalidValue(param, "'" + param + "' is empty; it needs at least one part.");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      texts.add(part(Fields.of(parts.get(i), param + "[" + i + "]")));
    }
    return String.join("\n", texts);
  }

  private static String part(Fields part) {
    String type = part.string("type").orElseThrow(() -> ApiError.missing(part.param("type")));
    if (!type.equals("text") && !type.equals("refusal")) {
      throw ApiError.unsupported(
          part.param("type"),
          "Only parts of type 'text' are supported, not '" + CommonFields.abbreviated(type) + "'.");
    }
    return part.string(type).orElseThrow(() -> ApiError.missing(part.param(type)));
  }
}
