package io.solebox.engine.tokenizer;

import java.util.Arrays;

/** Steps through UTF-8. */
final class Utf8 {
  /** U+FFFD. */
  static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  private Utf8() {}

  /**
   * The stretch with each byte that begins no sequence replaced by U+FFFD.
   *
   * @return {@code utf8} itself if there is none
   */
  static Stretch wellFormed(byte[] utf8, int from, int to) {
    for (int at = from; at < to; ) {
      int length = length(utf8, at, to);
      if (length == 0) {
        return replaced(utf8, from, to);
      }
      at += length;
    }
    return new Stretch(utf8, from, to);
  }

  /** Bytes {@code from} to {@code to} of an array. */
  record Stretch(byte[] utf8, int from, int to) {}

  private static Stretch replaced(byte[] utf8, int from, int to) {
    byte[] out = new byte[3 * (to - from)];
    int size = 0;
    for (int at = from; at < to; ) {
      int length = length(utf8, at, to);
      byte[] source = length == 0 ? REPLACEMENT : utf8;
      int bytes = length == 0 ? REPLACEMENT.length : length;
      System.arraycopy(source, length == 0 ? 0 : at, out, size, bytes);
      size += bytes;
      at += Math.max(length, 1);
    }
    return new Stretch(Arrays.copyOf(out, size), 0, size);
  }

  /**
   * Bytes of the sequence at {@code at}, or 0 if it is none. Only its form counts, as in llama.cpp:
   * half surrogates and long forms are characters too.
   */
  static int length(byte[] utf8, int at, int to) {
    byte first = utf8[at];
    if (first >= 0) {
      return 1;
    }
    int length = Integer.numberOfLeadingZeros(~(first << 24));
    if (length < 2 || length > 4 || at + length > to) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((utf8[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** The code point at {@code at} of a well-formed text. */
  static int codePoint(byte[] utf8, int at) {
    byte first = utf8[at];
    if (first >= 0) {
      return first;
    }
    int second = utf8[at + 1] & 0x3f;
    if ((first & 0x20) == 0) {
      return (first & 0x1f) << 6 | second;
    }
    int third = utf8[at + 2] & 0x3f;
    if ((first & 0x10) == 0) {
      return (first & 0xf) << 12 | second << 6 | third;
    }
    int wide = (first & 0x7) << 18 | second << 12 | third << 6 | (utf8[at + 3] & 0x3f);
    return Math.min(wide, Character.MAX_CODE_POINT);
  }

  /** The number of characters. */
  static int count(byte[] utf8, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += (utf8[i] & 0xc0) == 0x80 ? 0 : 1;
    }
    return count;
  }

  /** How many bytes the sequence has that begins with {@code first}. */
  static int length(byte first) {
    return first >= 0 ? 1 : (first & 0x20) == 0 ? 2 : (first & 0x10) == 0 ? 3 : 4;
  }

  /**
   * Writes a code point.
   *
   * @return where it ends
   */
  static int put(int c, byte[] out, int start) {
    int at = start;
    if (c < 0x80) {
      out[at++] = (byte) c;
      return at;
    }
    int tails = c < 0x800 ? 1 : c < 0x1_0000 ? 2 : 3;
    out[at++] = (byte) (-1 << (7 - tails) | c >>> 6 * tails);
    for (int i = tails - 1; i >= 0; i--) {
      out[at++] = (byte) (0x80 | (c >>> 6 * i & 0x3f));
    }
    return at;
  }
}
