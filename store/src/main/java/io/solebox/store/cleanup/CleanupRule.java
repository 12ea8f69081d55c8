package io.solebox.store.cleanup;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * When models leave a store by themselves. Nothing is asked where nothing is set.
 *
 * @param freeBytes that are to be free on the disk
 * @param mostBytes of all models
 * @param unusedDays after which a model leaves that nobody used
 */
public record CleanupRule(OptionalLong freeBytes, OptionalLong mostBytes, OptionalLong unusedDays) {
  public static final CleanupRule OFF =
      new CleanupRule(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  private static final String FREE = "free_bytes";
  private static final String MOST = "most_bytes";
  private static final String UNUSED = "unused_days";
  private static final JsonLimits LIMITS = new JsonLimits(10_000, 4, 1000, 10);

  public boolean isOff() {
    return equals(OFF);
  }

  /** As {@link #read} reads it. */
  byte[] bytes() {
    return new JsonWriter().bytes(fields());
  }

  /** What is set, by the names that it has in JSON. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    freeBytes.ifPresent(bytes -> fields.put(FREE, bytes));
    mostBytes.ifPresent(bytes -> fields.put(MOST, bytes));
    unusedDays.ifPresent(days -> fields.put(UNUSED, days));
    return fields;
  }

  /**
   * @param place for errors
   * @throws SoleboxException {@code BAD_STORE}: nothing is removed by a rule that is not understood
   */
  static CleanupRule read(byte[] utf8, String place) {
    try {
      Map<String, Object> fields = new JsonReader(LIMITS).readObject(utf8);
      if (Set.of(FREE, MOST, UNUSED).containsAll(fields.keySet())
          && fields.values().stream().allMatch(v -> v instanceof Long n && n >= 0)) {
        return new CleanupRule(number(fields, FREE), number(fields, MOST), number(fields, UNUSED));
      }
    } catch (JsonException e) {
      throw damaged(place, e.getMessage());
    }
    throw damaged(place, "it has what this version does not know");
  }

  private static OptionalLong number(Map<String, Object> fields, String name) {
    return fields.get(name) instanceof Long number ? OptionalLong.of(number) : OptionalLong.empty();
  }

  private static SoleboxException damaged(String place, String how) {
    return new SoleboxException(
        ErrorCode.BAD_STORE,
        place,
        "the rule of the clean-up cannot be read: " + how,
        "Set it again with 'solebox models cleanup', or switch it off with --off.");
  }
}
