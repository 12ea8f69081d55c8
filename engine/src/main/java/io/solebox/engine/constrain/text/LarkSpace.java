package io.solebox.engine.constrain.text;

/** Blanks and comments of Lark, which llguidance lets begin with {@code #} too. */
final class LarkSpace {
  private LarkSpace() {}

  static void skip(Cursor cursor, boolean lines) {
    while (!cursor.isEnd()) {
      int c = cursor.peek();
      boolean comment = c == '#' || c == '/' && cursor.peek(1) == '/';
      if (comment) {
        cursor.run(other -> !isNewline(other));
      } else if (c == ' ' || c == '\t' || c == '\f' || lines && isNewline(c)) {
        cursor.next();
      } else {
        return;
      }
    }
  }

  /** Goes behind ends of lines if a text stands behind them. */
  static boolean acceptInNextLine(Cursor cursor, String text) {
    int here = cursor.at();
    skip(cursor, true);
    if (cursor.accept(text)) {
      return true;
    }
    cursor.goTo(here);
    return false;
  }

  static boolean isNewline(int c) {
    return c == '\n' || c == '\r';
  }
}
