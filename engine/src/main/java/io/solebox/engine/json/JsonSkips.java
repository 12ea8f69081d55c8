package io.solebox.engine.json;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Members that a caller does not want. Their names are read and their values passed over: they must
 * be JSON, but nothing is made of them, however large they are.
 */
public final class JsonSkips {
  public static final JsonSkips NONE = new JsonSkips();

  /** The elements of an array, among the members; no name of a member has brackets at its end. */
  private static final String ELEMENTS = "[]";

  private final Map<String, JsonSkips> below = new HashMap<>();
  private boolean skipped;

  private JsonSkips() {}

  /**
   * @param places as in {@code metadata}, {@code messages[].timestamp}
   */
  public static JsonSkips of(Collection<String> places) {
    JsonSkips root = new JsonSkips();
    for (String place : places) {
      JsonSkips at = root;
      for (String step : place.split("\\.|(?=\\[])")) {
        at = at.below.computeIfAbsent(step, _ -> new JsonSkips());
      }
      at.skipped = true;
    }
    return root;
  }

  JsonSkips member(String name) {
    return below.getOrDefault(name, NONE);
  }

  JsonSkips elements() {
    return below.getOrDefault(ELEMENTS, NONE);
  }

  boolean skipped() {
    return skipped;
  }
}
