package io.solebox.engine.error;

import java.util.Locale;

/**
 * Text of files, models and people in a form that cannot command a terminal or deceive its reader:
 * control characters as {@code \x1b}, and those that turn the direction of writing, or break lines
 * without seeming to, as {@code \u202e}.
 */
public final class Printable {
  private static final int MOST_OF_A_NAME = 200;

  private Printable() {}

  /** {@code text} with its newlines and tabs. */
  public static String text(String text) {
    if (text.chars().noneMatch(c -> acts((char) c))) {
      return text;
    }
    var printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\t' || !acts(c)) {
        printable.append(c);
      } else {
        printable.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c));
      }
    }
    return printable.toString();
  }

  /** {@code text} as one line. */
  public static String line(String text) {
    return text(text).replace("\n", "\\n").replace("\t", "\\t");
  }

  /** As {@link #line}, and of a text that is too long to be a name only the beginning. */
  public static String name(String text) {
    return text.codePointCount(0, text.length()) <= MOST_OF_A_NAME
        ? line(text)
        : line(text.substring(0, text.offsetByCodePoints(0, MOST_OF_A_NAME))) + "...";
  }

  /** Whether a character acts on a terminal in place of being shown. */
  public static boolean acts(char c) {
    return Character.isISOControl(c)
        || (c >= '\u2028' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }
}
