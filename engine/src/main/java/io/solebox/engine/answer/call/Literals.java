package io.solebox.engine.answer.call;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Values as programming languages write them, told in JSON. */
final class Literals {
  /**
   * What stands around a text.
   *
   * @param escapes whether a backslash escapes what follows it
   */
  record Quotes(String marks, boolean escapes) {}

  /**
   * How named arguments are written.
   *
   * @param assign between a name and its value
   * @param end behind the last value
   */
  record Dialect(char assign, char end, List<Quotes> quotes) {
    /** What stands around a text in which nothing is escaped. */
    Optional<String> mark() {
      return quotes.stream().filter(one -> !one.escapes()).map(Quotes::marks).findFirst();
    }
  }

  private Literals() {}

  /** A word or number; empty for what is neither. */
  static Optional<String> word(String word) {
    return switch (word) {
      case "true", "True" -> Optional.of("true");
      case "false", "False" -> Optional.of("false");
      case "null", "None" -> Optional.of("null");
      default -> isNumber(word) ? Optional.of(word) : Optional.empty();
    };
  }

  private static boolean isNumber(String word) {
    JsonScanner scanner = new JsonScanner();
    JsonScanner.State state = JsonScanner.State.OPEN;
    for (int i = 0; i < word.length() && state == JsonScanner.State.OPEN; i++) {
      state = scanner.accept(word.charAt(i));
    }
    boolean begins = !word.isEmpty() && "-0123456789".indexOf(word.charAt(0)) >= 0;
    return begins
        && state == JsonScanner.State.OPEN
        && scanner.accept(' ') == JsonScanner.State.COMPLETE;
  }

  /**
   * What a backslash and what follows it mean, as it stands in a JSON string; empty where digits
   * are none.
   *
   * @param escape a character, and as many digits as {@link #digits} says
   */
  static Optional<String> escaped(String escape) {
    char kind = escape.charAt(0);
    return switch (kind) {
      case 'n', 't', 'r', 'b', 'f', '"', '\\', '/' -> Optional.of("\\" + kind);
      case '\'' -> Optional.of("'");
      case '\n' -> Optional.of("");
      case 'u', 'x', 'U' -> codePoint(escape.substring(1));
      default -> {
        StringBuilder kept = new StringBuilder();
        JsonStrings.append('\\', kept);
        JsonStrings.append(kind, kept);
        yield Optional.of(kept.toString());
      }
    };
  }

  /** How many hexadecimal digits belong to an escape. */
  static int digits(char kind) {
    return switch (kind) {
      case 'x' -> 2;
      case 'u' -> 4;
      case 'U' -> 8;
      default -> 0;
    };
  }

  private static Optional<String> codePoint(String digits) {
    try {
      int code = HexFormat.fromHexDigits(digits);
      StringBuilder escaped = new StringBuilder();
      for (char unit : Character.toChars(code)) {
        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
      }
      return Optional.of(escaped.toString());
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // other letters, or beyond Unicode
    }
  }
}
