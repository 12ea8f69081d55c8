package io.solebox.engine.error;

/** Text of files and people as it may be shown: without the characters that command a terminal. */
public final class Printable {
  private static final int MOST_OF_A_NAME = 200;

  private Printable() {}

  /** {@code text} as one line: ends of line become spaces, other control characters U+FFFD. */
  public static String line(String text) {
    if (text.chars().noneMatch(Printable::commands)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> out.appendCodePoint(!commands(c) ? c : isSpace(c) ? ' ' : '\uFFFD'));
    return out.toString();
  }

  private static boolean isSpace(int c) {
    return c == '\n' || c == '\r' || c == '\t';
  }

  /** As {@link #line}, and of a text that is too long to be a name only the beginning. */
  public static String name(String text) {
    return text.codePointCount(0, text.length()) <= MOST_OF_A_NAME
        ? line(text)
        : line(text.substring(0, text.offsetByCodePoints(0, MOST_OF_A_NAME))) + "...";
  }

  /** Also what turns the direction of writing: it makes a name look like another one. */
  private static boolean commands(int c) {
    return Character.isISOControl(c)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
