package io.solebox.server.knowledge;

import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.Map;

/** What programs note on documents, to choose by: up to 16 values by name, as at OpenAI. */
final class Attributes {
  private static final int MOST = 16;
  private static final int MAX_NAME = 64;
  private static final int MAX_VALUE = 512;

  private Attributes() {}

  /**
   * @param body in which they may stand
   */
  static Map<String, Object> read(Fields body) {
    return body.raw("attributes")
        .map(given -> checked(Fields.members(given, body.param("attributes")), body))
        .orElse(Map.of());
  }

  private static Map<String, Object> checked(Map<String, Object> given, Fields body) {
    String param = body.param("attributes");
    if (given.size() > MOST) {
      throw Params.invalidValue(
          param, "'%s' has %d members, at most %d.".formatted(param, given.size(), MOST));
    }
    given.forEach((name, value) -> check(name, value, param + "." + name));
    return new LinkedHashMap<>(given);
  }

  private static void check(String name, Object value, String param) {
    boolean known = value instanceof String || value instanceof Number || value instanceof Boolean;
    if (!known) {
      throw Params.invalidType(param, "a string, a number or a boolean", value);
    }
    if (name.length() > MAX_NAME || (value instanceof String text && text.length() > MAX_VALUE)) {
      throw Params.invalidValue(
          param, "Names have at most %d characters, and texts %d.".formatted(MAX_NAME, MAX_VALUE));
    }
  }
}
