package io.solebox.server.responses;

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

/** The items of responses as messages, as chat templates take them. */
final class Items {
  private static final JsonLimits ARGUMENTS = new JsonLimits(1 << 20, 32, 1 << 20, 10_000);

  private final FieldTable table;
  private final JsonReader arguments = new JsonReader(ARGUMENTS);

  Items(FieldTable table) {
    this.table = table;
  }

  /** Whether it is the result of a call. */
  static boolean isResult(Map<String, Object> item) {
    return item.get("type") instanceof String type && type.endsWith("_call_output");
  }

  /** That it can be turned into a message. */
  void check(Map<String, Object> given, String place) {
    append(given, place, new ArrayList<>());
  }

  /** All items as messages. */
  List<Map<String, Object>> messages(List<Map<String, Object>> items) {
    List<Map<String, Object>> messages = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      append(items.get(i), "input[" + i + "]", messages);
    }
    return messages;
  }

  private void append(Map<String, Object> given, String place, List<Map<String, Object>> messages) {
    Fields item = Fields.of(table, ResponseFields.ITEM, given, place);
    String type = item.string("type").orElse("message");
    switch (type) {
      case "message" -> addMessage(chatMessage(item), messages);
      case "function_call" -> assistant(messages).add(call(item, callArguments(item)));
      case "custom_tool_call" ->
          assistant(messages)
              .add(call(item, Map.of(CustomTools.INPUT, item.string("input").orElse(""))));
      case "function_call_output", "custom_tool_call_output" ->
          messages.add(result(item, messages));
      case "reasoning" -> reasoning(item, messages);
      case "file_search_call" -> {
        // What was found for an earlier question is not given again.
      }
      default ->
          throw Params.unsupported(
              item.param("type"),
              "Items of type '%s' belong to tools that this server does not have."
                  .formatted(Texts.abbreviated(type)));
    }
  }

  /** What the last message of a user says; empty where somebody else speaks last. */
  Optional<String> question(List<Map<String, Object>> given) {
    List<Map<String, Object>> messages = messages(given);
    return messages.isEmpty() || !"user".equals(messages.getLast().get("role"))
        ? Optional.empty()
        : Optional.of((String) messages.getLast().get("content")).filter(text -> !text.isBlank());
  }

  private Map<String, Object> chatMessage(Fields item) {
    String role = item.string("role").orElseThrow(() -> Params.missing(item.param("role")));
    Map<String, Object> message = new LinkedHashMap<>();
    message.put(
        "role",
        switch (role) {
          case "user", "assistant", "system", "tool" -> role;
          case "developer" -> "system";
          default ->
              throw Params.invalidValue(
                  item.param("role"),
                  "'%s' is '%s', but must be system, developer, user or assistant."
                      .formatted(item.param("role"), Texts.abbreviated(role)));
        });
    Object content = item.raw("content").orElseThrow(() -> Params.missing(item.param("content")));
    message.put("content", text(content, item.param("content")));
    return message;
  }

  /** The text of a string or of parts. */
  private String text(Object content, String param) {
    return switch (content) {
      case String text -> text;
      case List<?> parts -> {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
          String place = param + "[" + i + "]";
          texts.add(part(Fields.of(table, ResponseFields.PART, parts.get(i), place)));
        }
        yield String.join("\n", texts);
      }
      case Object other -> throw Params.invalidType(param, "a string or an array of parts", other);
    };
  }

  private static String part(Fields part) {
    String type = part.string("type").orElseThrow(() -> Params.missing(part.param("type")));
    String member =
        switch (type) {
          case "input_text", "output_text", "text", "reasoning_text", "summary_text" -> "text";
          case "refusal" -> "refusal";
          default ->
              throw Params.unsupported(
                  part.param("type"),
                  "Only text is supported, not '%s'.".formatted(Texts.abbreviated(type)));
        };
    return part.string(member).orElseThrow(() -> Params.missing(part.param(member)));
  }

  /** The calls of the last message, which is the assistant's. */
  @SuppressWarnings("unchecked") // nobody else puts calls there
  private static List<Object> assistant(List<Map<String, Object>> messages) {
    if (messages.isEmpty() || !"assistant".equals(messages.getLast().get("role"))) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", "assistant");
      message.put("content", "");
      messages.add(message);
    }
    return (List<Object>)
        messages.getLast().computeIfAbsent("tool_calls", _ -> new ArrayList<Object>());
  }

  private static Map<String, Object> call(Fields item, Object arguments) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", ToolName.of(item).shown());
    function.put("arguments", arguments);
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("id", callId(item));
    call.put("type", "function");
    call.put("function", function);
    return call;
  }

  private static String callId(Fields item) {
    return item.string("call_id").orElseThrow(() -> Params.missing(item.param("call_id")));
  }

  /** As templates want them: as an object, or as what the model wrote where that is none. */
  private Object callArguments(Fields item) {
    String text = item.string("arguments").orElse("{}");
    try {
      return arguments.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      return text;
    }
  }

  private Map<String, Object> result(Fields item, List<Map<String, Object>> messages) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "tool");
    nameOf(callId(item), messages).ifPresent(name -> message.put("name", name));
    Object output = item.raw("output").orElseThrow(() -> Params.missing(item.param("output")));
    message.put("content", text(output, item.param("output")));
    message.put("tool_call_id", callId(item));
    return message;
  }

  /** The name of the tool that a call was for, which some templates write beside its result. */
  private static Optional<Object> nameOf(String id, List<Map<String, Object>> messages) {
    return messages.stream()
        .flatMap(message -> ((List<?>) message.getOrDefault("tool_calls", List.of())).stream())
        .map(call -> (Map<?, ?>) call)
        .filter(call -> id.equals(call.get("id")))
        .map(call -> (Object) ((Map<?, ?>) call.get("function")).get("name"))
        .findFirst();
  }

  /** What follows the reasoning of an assistant is its answer. */
  private static void addMessage(Map<String, Object> message, List<Map<String, Object>> messages) {
    boolean isAnswer =
        message.get("role").equals("assistant")
            && !messages.isEmpty()
            && messages.getLast().containsKey("reasoning_content")
            && messages.getLast().get("content").equals("")
            && !messages.getLast().containsKey("tool_calls");
    if (isAnswer) {
      messages.getLast().put("content", message.get("content"));
    } else {
      messages.add(message);
    }
  }

  /** Belongs to the assistant's message behind it. */
  private void reasoning(Fields item, List<Map<String, Object>> messages) {
    Optional<String> thoughts =
        item.raw("content")
            .filter(c -> !(c instanceof List<?> list && list.isEmpty()))
            .map(content -> text(content, item.param("content")))
            .or(() -> Thoughts.unsealed(item));
    if (thoughts.isPresent()) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", "assistant");
      message.put("content", "");
      message.put("reasoning_content", thoughts.get());
      messages.add(message);
    }
  }
}
