package io.solebox.server.responses;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tools of the type {@code custom}, whose input is a text and no JSON. Models are offered them as
 * functions with one string.
 */
final class CustomTools {
  /** The one parameter. */
  static final String INPUT = "input";

  private CustomTools() {}

  static Map<String, Object> function(String name, String description) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("type", "object");
    parameters.put("properties", Map.of(INPUT, Map.of("type", "string")));
    parameters.put("required", List.of(INPUT));
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    function.put("description", description);
    function.put("parameters", parameters);
    return function;
  }

  /**
   * The text in a call's arguments; the arguments themselves where they are not what was asked for.
   */
  static String input(String arguments) {
    JsonReader reader = new JsonReader(JsonLimits.LOCAL);
    try {
      return reader.read(arguments.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map
              && map.get(INPUT) instanceof String text
          ? text
          : arguments;
    } catch (JsonException e) {
      return arguments;
    }
  }
}
