package io.solebox.engine.json;

import java.util.Optional;

/** What the bytes of a text are, before anything is read from them (RFC 3629). */
final class Utf8 {
  private static final int NONE = -1;

  private Utf8() {}

  /** The length of a byte order mark of UTF-8, or 0. */
  static int byteOrderMark(byte[] bytes) {
    return startsWith(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0;
  }

  /**
   * The name of the wide encoding that the bytes are in, if they are. A JSON text begins with
   * ASCII, so zeros among its first bytes tell it even without a byte order mark.
   */
  static Optional<String> wideEncoding(byte[] bytes, int start) {
    if (startsWith(bytes, 0, 0, 0xfe, 0xff) || zeros(bytes, start, true, true, true, false)) {
      return Optional.of("UTF-32 (big endian)");
    }
    if (startsWith(bytes, 0xff, 0xfe, 0, 0) || zeros(bytes, start, false, true, true, true)) {
      return Optional.of("UTF-32 (little endian)");
    }
    if (startsWith(bytes, 0xfe, 0xff) || zeros(bytes, start, true, false)) {
      return Optional.of("UTF-16 (big endian)");
    }
    if (startsWith(bytes, 0xff, 0xfe) || zeros(bytes, start, false, true)) {
      return Optional.of("UTF-16 (little endian)");
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (Byte.toUnsignedInt(bytes[i]) != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean zeros(byte[] bytes, int start, boolean... pattern) {
    if (bytes.length - start < pattern.length) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if ((bytes[start + i] == 0) != pattern[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the first byte is that UTF-8 does not allow; the length if there is none. */
  static int firstInvalid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (bytes[at] >= 0) {
        at++;
        continue;
      }
      int length = sequenceLength(bytes, at);
      if (length == NONE) {
        return at;
      }
      at += length;
    }
    return at;
  }

  /** The length of the sequence at {@code at}, or {@link #NONE} if it is none. */
  private static int sequenceLength(byte[] bytes, int at) {
    int lead = Byte.toUnsignedInt(bytes[at]);
    if (lead >= 0xc2 && lead <= 0xdf) {
      return continues(bytes, at + 1, 1) ? 2 : NONE;
    }
    int second = at + 1 < bytes.length ? Byte.toUnsignedInt(bytes[at + 1]) : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
      // No longer forms of what two bytes can say, and no surrogates.
      boolean fits = lead != 0xe0 || second >= 0xa0;
      boolean noSurrogate = lead != 0xed || second <= 0x9f;
      return fits && noSurrogate && continues(bytes, at + 1, 2) ? 3 : NONE;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
      boolean fits = lead != 0xf0 || second >= 0x90;
      boolean inRange = lead != 0xf4 || second <= 0x8f;
      return fits && inRange && continues(bytes, at + 1, 3) ? 4 : NONE;
    }
    return NONE;
  }

  private static boolean continues(byte[] bytes, int at, int count) {
    if (at + count > bytes.length) {
      return false;
    }
    for (int i = at; i < at + count; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  /** What is wrong with the byte at {@code at}, for people. */
  static String describe(byte[] bytes, int at) {
    int value = Byte.toUnsignedInt(bytes[at]);
    String words = "The byte 0x%02X is not valid UTF-8".formatted(value);
    boolean alone = at + 1 >= bytes.length || (bytes[at + 1] & 0xc0) != 0x80;
    if (value >= 0xa0 && alone) {
      return words + "; the text looks like Latin-1, and must be sent as UTF-8";
    }
    if (value == 0xed && at + 1 < bytes.length && (bytes[at + 1] & 0xe0) == 0xa0) {
      return words + ": it begins half a surrogate pair";
    }
    return words;
  }
}
