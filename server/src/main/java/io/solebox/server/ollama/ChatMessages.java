package io.solebox.server.ollama;

import io.solebox.engine.chat.ChatInput.Ending;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code messages} and {@code tools} as chat templates take them. */
record ChatMessages(FieldTable table) {
  List<Map<String, Object>> messages(Fields body) {
    List<Object> given = body.array("messages").orElse(List.of());
    List<Map<String, Object>> messages = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      messages.add(
          message(Fields.of(table, OllamaFields.MESSAGE, given.get(i), "messages[" + i + "]")));
    }
    return messages;
  }

  /** The answer goes on with a last message of the assistant. */
  static Ending ending(List<Map<String, Object>> messages) {
    Map<String, Object> last = messages.getLast();
    return last.get("role").equals("assistant") && !last.containsKey("tool_calls")
        ? Ending.IN_LAST_MESSAGE
        : Ending.NEW_MESSAGE;
  }

  private Map<String, Object> message(Fields message) {
    String role = message.string("role").orElseThrow(() -> Params.missing(message.param("role")));
    switch (role) {
      case "system", "user", "assistant", "tool" -> {}
      default ->
          throw Params.invalidValue(
              message.param("role"),
              "'%s' is '%s', but must be system, user, assistant or tool."
                  .formatted(message.param("role"), Texts.abbreviated(role)));
    }
    Map<String, Object> read = new LinkedHashMap<>();
    read.put("role", role);
    read.put("content", message.string("content").orElse(""));
    message.string("thinking").ifPresent(text -> read.put("reasoning_content", text));
    List<Object> calls = calls(message);
    if (!calls.isEmpty()) {
      read.put("tool_calls", calls);
    }
    message.string("tool_name").ifPresent(name -> read.put("name", name));
    message.string("tool_call_id").ifPresent(id -> read.put("tool_call_id", id));
    message.settle(false);
    return read;
  }

  private List<Object> calls(Fields message) {
    List<Object> calls = new ArrayList<>();
    List<Object> given = message.array("tool_calls").orElse(List.of());
    for (int i = 0; i < given.size(); i++) {
      String param = message.param("tool_calls") + "[" + i + "]";
      Fields call = Fields.of(table, OllamaFields.TOOL_CALL, given.get(i), param);
      Fields function =
          call.object("function", OllamaFields.TOOL_CALL)
              .orElseThrow(() -> Params.missing(call.param("function")));
      Map<String, Object> named = new LinkedHashMap<>();
      named.put(
          "name",
          function.string("name").orElseThrow(() -> Params.missing(function.param("name"))));
      named.put(
          "arguments",
          function
              .raw("arguments")
              .map(arguments -> Fields.members(arguments, function.param("arguments")))
              .orElse(Map.of()));
      Map<String, Object> read = new LinkedHashMap<>();
      call.string("id").ifPresent(id -> read.put("id", id));
      read.put("type", "function");
      read.put("function", named);
      calls.add(read);
    }
    return calls;
  }

  List<Map<String, Object>> tools(Fields body) {
    List<Object> given = body.array("tools").orElse(List.of());
    List<Map<String, Object>> tools = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Fields tool = Fields.of(table, OllamaFields.TOOL, given.get(i), "tools[" + i + "]");
      Fields function =
          tool.object("function", OllamaFields.TOOL)
              .orElseThrow(() -> Params.missing(tool.param("function")));
      Map<String, Object> read = new LinkedHashMap<>();
      read.put(
          "name",
          function.string("name").orElseThrow(() -> Params.missing(function.param("name"))));
      function.string("description").ifPresent(text -> read.put("description", text));
      read.put(
          "parameters",
          function
              .raw("parameters")
              .map(schema -> Fields.members(schema, function.param("parameters")))
              .orElse(Map.of("type", "object", "properties", Map.of())));
      Map<String, Object> offered = new LinkedHashMap<>();
      offered.put("type", "function");
      offered.put("function", read);
      tools.add(offered);
    }
    return tools;
  }
}
