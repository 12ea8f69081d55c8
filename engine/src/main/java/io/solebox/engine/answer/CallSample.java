package io.solebox.engine.answer;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatInput.Ending;
import io.solebox.engine.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * A small conversation in which a tool is called, in one of the forms that templates want.
 *
 * @param id of the call: some want nine letters and digits, some print it in place of the name
 * @param said what else the message says: nothing, or an empty text
 * @param asText whether arguments are a text, and not an object
 * @param answered whether the call's result follows
 */
record CallSample(String id, Object said, boolean asText, boolean answered) {
  static final String GREETING = "hello";
  static final String NAME = "solebox_sample";

  /** As Mistral wants them: nine letters and digits. */
  static final String ID = "sample001";

  private static final int LETTERS = 36;
  static final String THOUGHTS = "solebox thoughts";
  static final Map<String, Object> ARGUMENTS = Map.of("q", 1L);

  /** Stands for nothing at all, which sets and maps do not take. */
  private static final Object NOTHING = new Object();

  /** An id like {@link #ID} that no other call has. */
  static String newId() {
    return ThreadLocalRandom.current()
        .ints(ID.length(), 0, LETTERS)
        .mapToObj(digit -> Integer.toString(digit, LETTERS))
        .collect(Collectors.joining());
  }

  /** The likeliest first. */
  static List<CallSample> all() {
    List<CallSample> all = new ArrayList<>();
    for (boolean answered : new boolean[] {false, true}) {
      for (String id : List.of(ID, "functions." + NAME + ":0")) {
        for (Object said : List.of("", NOTHING)) {
          all.add(new CallSample(id, said, false, answered));
          all.add(new CallSample(id, said, true, answered));
        }
      }
    }
    return all;
  }

  /** A conversation that waits for its first answer, with one tool. */
  static ChatInput greeting(ChatInput like) {
    Map<String, Object> parameters =
        Map.of(
            "type",
            "object",
            "properties",
            Map.of("q", Map.of("type", "integer", "description", "q")),
            "required",
            List.of("q"));
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", NAME);
    function.put("description", NAME);
    function.put("parameters", parameters);
    Map<String, Object> tool = new LinkedHashMap<>();
    tool.put("type", "function");
    tool.put("function", function);
    return ChatInput.ofMaps(List.of(message("user", GREETING)))
        .withTools(List.of(tool))
        .withArguments(like.arguments());
  }

  /** The same with an answer that calls the tool. */
  ChatInput call(ChatInput greeting, Map<String, Object> arguments, boolean withThoughts) {
    List<Map<String, Object>> messages = new ArrayList<>(greeting.messages());
    Map<String, Object> message = message("assistant", said == NOTHING ? null : said);
    if (withThoughts) {
      List.of("reasoning_content", "reasoning", "thinking")
          .forEach(name -> message.put(name, THOUGHTS));
    }
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", NAME);
    function.put("arguments", asText ? new JsonWriter().text(arguments) : arguments);
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("id", id);
    call.put("type", "function");
    call.put("function", function);
    message.put("tool_calls", List.of(call));
    messages.add(message);
    if (answered) {
      Map<String, Object> result = message("tool", "{}");
      result.put("tool_call_id", id);
      result.put("name", NAME);
      messages.add(result);
    }
    return ChatInput.ofMaps(messages)
        .withTools(greeting.tools())
        .withArguments(greeting.arguments())
        .withEnding(Ending.AFTER_MESSAGES);
  }

  private static Map<String, Object> message(String role, Object content) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }
}
