package io.solebox.engine.answer.call;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tools that a model was offered.
 *
 * @param offered whether there are any: without them what looks like a call is text
 * @param parameters of each tool, by its name
 */
public record Tools(boolean offered, Map<String, Schema> parameters) {
  /** No tool was offered. */
  public static final Tools NONE = new Tools(false, Map.of());

  /** Some were offered, and nothing is known of them. */
  public static final Tools UNKNOWN = new Tools(true, Map.of());

  /**
   * Tools as chat templates take them.
   *
   * @param tools each a function, alone or under {@code function}, as in OpenAI's API; nothing is
   *     known of the parameters of what is neither
   */
  public static Tools of(List<? extends Map<String, ?>> tools) {
    Map<String, Schema> parameters = new HashMap<>();
    for (Map<String, ?> tool : tools) {
      Map<?, ?> function = tool.get("function") instanceof Map<?, ?> inner ? inner : tool;
      if (function.get("name") instanceof String name) {
        parameters.putIfAbsent(name, Schema.read(function.get("parameters")));
      }
    }
    return new Tools(!tools.isEmpty(), Map.copyOf(parameters));
  }

  /** Of a tool's parameters; of whatever is not offered, or not known, they may be anything. */
  Schema parametersOf(String name) {
    return parameters.getOrDefault(name, Schema.ANY);
  }
}
