package io.solebox.engine.tokenizer;

/** Steps that the scanners share; positions are indexes of code points. */
final class Scan {
  private Scan() {}

  /** Whether there is a code point at {@code at} and its class is among {@code classes}. */
  static boolean is(int[] text, int at, int classes) {
    return at < text.length && (CodePoints.classOf(text[at]) & classes) != 0;
  }

  /** The end of the run of {@code classes} at {@code at}. */
  static int skip(int[] text, int at, int classes) {
    return skip(text, at, text.length, classes);
  }

  /** The same, but not beyond {@code limit}. */
  static int skip(int[] text, int at, int limit, int classes) {
    int end = at;
    while (end < limit && (CodePoints.classOf(text[end]) & classes) != 0) {
      end++;
    }
    return end;
  }

  /** The end of the run of CR and LF at {@code at}. */
  static int skipNewlines(int[] text, int at) {
    int end = at;
    while (end < text.length && isNewline(text[end])) {
      end++;
    }
    return end;
  }

  static boolean isNewline(int codePoint) {
    return codePoint == '\r' || codePoint == '\n';
  }

  /**
   * The end of {@code 's 't 'm 'd 're 've 'll} at {@code at}, or {@code at} if there is none.
   *
   * @param anyCase whether upper case counts
   */
  static int skipContraction(int[] text, int at, boolean anyCase) {
    if (text[at] != '\'' || at + 1 >= text.length) {
      return at;
    }
    int first = letter(text[at + 1], anyCase);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return at + 2;
    }
    if (at + 2 >= text.length) {
      return at;
    }
    int second = letter(text[at + 2], anyCase);
    boolean two =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return two ? at + 3 : at;
  }

  private static int letter(int codePoint, boolean anyCase) {
    return anyCase ? Character.toLowerCase(codePoint) : codePoint;
  }

  /** {@code \s+(?!\S)|\s+}: all spaces at {@code at}, but the last when text follows several. */
  static int skipSpaces(int[] text, int at) {
    int end = skip(text, at, CodePoints.SPACE);
    return end < text.length && end - at > 1 ? end - 1 : end;
  }
}
