package io.solebox.server.chats.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a model said on the way to its answer, before it heard from the tools that it called.
 *
 * @param about what is told of it beside: {@code reasoning_ms}, {@code usage}, {@code receipt}
 */
public record Step(String text, String reasoning, List<Call> calls, Map<String, Object> about) {
  private static final List<String> OWN = List.of("text", "reasoning", "tool_calls");

  public Step {
    calls = List.copyOf(calls);
    about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
  }

  /** The same with other calls. */
  public Step with(UnaryOperator<Call> change) {
    return new Step(text, reasoning, calls.stream().map(change).toList(), about);
  }

  /** UTF-16 units of what it holds. */
  long chars() {
    return text.length()
        + reasoning.length()
        + calls.stream().mapToLong(c -> c.arguments().length() + c.result().length()).sum();
  }

  /** As the API and the store write it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("text", text);
    if (!reasoning.isEmpty()) {
      json.put("reasoning", reasoning);
    }
    json.put("tool_calls", calls.stream().map(Call::json).toList());
    json.putAll(about);
    return json;
  }

  /** What {@link #json} has written. */
  @SuppressWarnings("unchecked")
  static Step of(Map<String, Object> json) {
    List<Call> calls = new ArrayList<>();
    for (Object call : (List<?>) json.get("tool_calls")) {
      calls.add(Call.of((Map<String, Object>) call));
    }
    Map<String, Object> about = new LinkedHashMap<>(json);
    OWN.forEach(about::remove);
    return new Step(
        (String) json.get("text"), (String) json.getOrDefault("reasoning", ""), calls, about);
  }
}
