package io.solebox.engine.tokenizer;

import java.util.Arrays;

/** UTF-8 to code points and back, and the classes of code points that pre-tokenizers ask for. */
final class CodePoints {
  static final int LETTER = 1;
  static final int NUMBER = 2;
  static final int SPACE = 4;
  static final int OTHER = 8;

  private static final int REPLACEMENT = 0xfffd;

  /** Classes of the code points that most texts are made of. */
  private static final byte[] COMMON = common();

  private CodePoints() {}

  private static byte[] common() {
    byte[] classes = new byte[0x600];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) classify(i);
    }
    return classes;
  }

  /** Exactly one of {@link #LETTER}, {@link #NUMBER}, {@link #SPACE} and {@link #OTHER}. */
  static int classOf(int codePoint) {
    return codePoint < COMMON.length ? COMMON[codePoint] : classify(codePoint);
  }

  private static int classify(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      case Character.CONTROL ->
          (codePoint >= '\t' && codePoint <= '\r') || codePoint == 0x85 ? SPACE : OTHER;
      default -> OTHER;
    };
  }

  /** Each byte that begins no well-formed sequence becomes U+FFFD. */
  static int[] decode(byte[] utf8, int from, int to) {
    int[] out = new int[to - from];
    int count = 0;
    for (int i = from; i < to; ) {
      int first = utf8[i];
      int length = first >= 0 ? 1 : sequenceLength(utf8, i, to);
      out[count++] =
          switch (length) {
            case 1 -> first;
            case 2 -> (first & 0x1f) << 6 | tail(utf8, i + 1);
            case 3 -> (first & 0xf) << 12 | tail(utf8, i + 1) << 6 | tail(utf8, i + 2);
            case 4 ->
                (first & 0x7) << 18
                    | tail(utf8, i + 1) << 12
                    | tail(utf8, i + 2) << 6
                    | tail(utf8, i + 3);
            default -> REPLACEMENT;
          };
      i += Math.max(length, 1);
    }
    return Arrays.copyOf(out, count);
  }

  /** Bytes of the sequence at {@code at}, or 0 if it is none. */
  private static int sequenceLength(byte[] utf8, int at, int to) {
    int length = Integer.numberOfLeadingZeros(~(utf8[at] << 24));
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

  private static int tail(byte[] utf8, int at) {
    return utf8[at] & 0x3f;
  }

  /**
   * Writes code points as UTF-8.
   *
   * @param out has room for 4 bytes each
   * @return the number of bytes
   */
  static int encode(int[] codePoints, int from, int to, byte[] out) {
    int at = 0;
    for (int i = from; i < to; i++) {
      int c = codePoints[i];
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else if (c < 0x800) {
        out[at++] = (byte) (0xc0 | c >>> 6);
        out[at++] = (byte) (0x80 | (c & 0x3f));
      } else if (c < 0x1_0000) {
        out[at++] = (byte) (0xe0 | c >>> 12);
        out[at++] = (byte) (0x80 | (c >>> 6 & 0x3f));
        out[at++] = (byte) (0x80 | (c & 0x3f));
      } else {
        out[at++] = (byte) (0xf0 | c >>> 18);
        out[at++] = (byte) (0x80 | (c >>> 12 & 0x3f));
        out[at++] = (byte) (0x80 | (c >>> 6 & 0x3f));
        out[at++] = (byte) (0x80 | (c & 0x3f));
      }
    }
    return at;
  }
}
