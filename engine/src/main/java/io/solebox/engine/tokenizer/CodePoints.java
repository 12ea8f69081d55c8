package io.solebox.engine.tokenizer;

/** What normalizers ask of single characters. */
final class CodePoints {
  private static final int MARKS =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK
          | 1 << Character.COMBINING_SPACING_MARK;

  private static final int CONTROLS =
      1 << Character.CONTROL
          | 1 << Character.FORMAT
          | 1 << Character.PRIVATE_USE
          | 1 << Character.SURROGATE;

  private static final int PUNCTUATION =
      1 << Character.DASH_PUNCTUATION
          | 1 << Character.START_PUNCTUATION
          | 1 << Character.END_PUNCTUATION
          | 1 << Character.CONNECTOR_PUNCTUATION
          | 1 << Character.OTHER_PUNCTUATION
          | 1 << Character.INITIAL_QUOTE_PUNCTUATION
          | 1 << Character.FINAL_QUOTE_PUNCTUATION;

  private CodePoints() {}

  private static boolean is(int c, int categories) {
    return (categories >>> Character.getType(c) & 1) != 0;
  }

  /** Unicode's White_Space. */
  static boolean isSpace(int c) {
    return c <= ' ' ? c == ' ' || (c >= '\t' && c <= '\r') : c == 0x85 || Character.isSpaceChar(c);
  }

  static boolean isMark(int c) {
    return is(c, MARKS);
  }

  static boolean isNonSpacingMark(int c) {
    return Character.getType(c) == Character.NON_SPACING_MARK;
  }

  static boolean isControl(int c) {
    return is(c, CONTROLS);
  }

  static boolean isUnassigned(int c) {
    return Character.getType(c) == Character.UNASSIGNED;
  }

  static boolean isPunctuation(int c) {
    return is(c, PUNCTUATION);
  }

  /** Whether BERT takes it for a word: punctuation, and the other signs of ASCII. */
  static boolean isBertPunctuation(int c) {
    return c < 0x80 ? c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c) : isPunctuation(c);
  }

  /** Whether BERT takes it for an ideograph, with the gap that its implementations have. */
  static boolean isBertIdeograph(int c) {
    return (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x2_0000 && c <= 0x2_a6df)
        || (c >= 0x2_a700 && c <= 0x2_b73f)
        || (c >= 0x2_b740 && c <= 0x2_b81f)
        || (c >= 0x2_b920 && c <= 0x2_ceaf)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2_f800 && c <= 0x2_fa1f);
  }
}
