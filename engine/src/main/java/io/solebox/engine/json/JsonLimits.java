package io.solebox.engine.json;

/**
 * How much a text may ask of its reader.
 *
 * @param maxBytes longest text
 * @param maxDepth objects and arrays inside each other
 * @param maxStringLength UTF-16 units of one string or name
 * @param maxValues values in all, objects and arrays included; what is skipped does not count
 */
public record JsonLimits(long maxBytes, int maxDepth, int maxStringLength, int maxValues) {
  /** For files of the person at the keyboard: only the depth is bounded. */
  public static final JsonLimits LOCAL =
      new JsonLimits(Integer.MAX_VALUE, 200, Integer.MAX_VALUE, Integer.MAX_VALUE);

  public JsonLimits {
    if (maxBytes < 1 || maxDepth < 1 || maxStringLength < 1 || maxValues < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
