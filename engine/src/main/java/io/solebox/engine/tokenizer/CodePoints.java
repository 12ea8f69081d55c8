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

  static boolean isMark(int c) {
    return is(c, MARKS);
  }

  static boolean isControl(int c) {
    return is(c, CONTROLS);
  }

  private static boolean isPunctuation(int c) {
    return is(c, PUNCTUATION);
  }

  /** Whether words consist of it. */
  static boolean isWord(int c) {
    int type = Character.getType(c);
    return Character.isAlphabetic(c)
        || isMark(c)
        || type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.CONNECTOR_PUNCTUATION
        || c == 0x200c
        || c == 0x200d;
  }

  /** Whether BERT takes it for a word: punctuation, and the other signs of ASCII. */
  static boolean isBertPunctuation(int c) {
    return c < 0x80 ? c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c) : isPunctuation(c);
  }
}
