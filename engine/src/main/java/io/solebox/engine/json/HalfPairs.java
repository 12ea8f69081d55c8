package io.solebox.engine.json;

import java.nio.charset.StandardCharsets;

/** Finds in a string's bytes the escape that writes half a surrogate pair. */
final class HalfPairs {
  private static final int ESCAPE_LENGTH = 6; // of backslash, u, four digits

  private HalfPairs() {}

  /**
   * @param quote where the string's opening quote is; the string is complete and its escapes are
   *     right
   * @return where the first escape of half a pair is; {@code quote} if there is none
   */
  static int find(byte[] utf8, int quote) {
    int at = quote + 1;
    while (at < utf8.length && utf8[at] != '"') {
      int unit = escapedUnit(utf8, at);
      if (isHigh(unit) && isLow(escapedUnit(utf8, at + ESCAPE_LENGTH))) {
        at += 2 * ESCAPE_LENGTH;
      } else if (isHigh(unit) || isLow(unit)) {
        return at;
      } else if (utf8[at] == '\\') {
        at += 2; // what follows a backslash is no end of the string
      } else {
        at++;
      }
    }
    return quote;
  }

  /** The UTF-16 unit that is escaped at {@code at}, or -1. */
  private static int escapedUnit(byte[] utf8, int at) {
    if (at + ESCAPE_LENGTH > utf8.length || utf8[at] != '\\' || utf8[at + 1] != 'u') {
      return -1;
    }
    return Integer.parseInt(new String(utf8, at + 2, 4, StandardCharsets.US_ASCII), 16);
  }

  private static boolean isHigh(int unit) {
    return unit >= Character.MIN_HIGH_SURROGATE && unit <= Character.MAX_HIGH_SURROGATE;
  }

  private static boolean isLow(int unit) {
    return unit >= Character.MIN_LOW_SURROGATE && unit <= Character.MAX_LOW_SURROGATE;
  }
}
