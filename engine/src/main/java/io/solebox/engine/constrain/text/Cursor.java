package io.solebox.engine.constrain.text;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.function.IntPredicate;

/** A place in the text of a grammar. Owned by one reader. */
final class Cursor {
  /** Groups inside each other; a reader calls itself for each. */
  static final int MAX_DEPTH = 100;

  /** What is said where nobody knows better. */
  static final String REMEDY = "Correct the grammar there.";

  private static final int MAX_CHARACTERS = 1_000_000;
  private static final int END = Character.MAX_CODE_POINT + 1;

  private final int[] text;
  private int at;

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR} if the text is too long
   */
  Cursor(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new SoleboxException(
          ErrorCode.BAD_GRAMMAR,
          "",
          "The grammar has %d characters, at most %d.".formatted(text.length(), MAX_CHARACTERS),
          "Make it shorter.");
    }
    this.text = text.codePoints().toArray();
  }

  int at() {
    return at;
  }

  void goTo(int place) {
    at = place;
  }

  boolean isEnd() {
    return at >= text.length;
  }

  /** The character that comes next, or one that there is not. */
  int peek() {
    return peek(0);
  }

  int peek(int ahead) {
    return at + ahead < text.length ? text[at + ahead] : END;
  }

  boolean is(IntPredicate test) {
    return !isEnd() && test.test(text[at]);
  }

  /** Takes the next character. */
  int next() {
    if (isEnd()) {
      throw error("The grammar ends too early");
    }
    return text[at++];
  }

  /** Goes behind a text if it comes next. */
  boolean accept(String expected) {
    int end = at;
    for (int i = 0; i < expected.length(); i++, end++) {
      if (end >= text.length || text[end] != expected.charAt(i)) {
        return false;
      }
    }
    at = end;
    return true;
  }

  void expect(String expected) {
    if (!accept(expected)) {
      throw error("'%s' is expected, and not %s".formatted(expected, shown()));
    }
  }

  /** The characters that pass, perhaps none. */
  String run(IntPredicate test) {
    int from = at;
    while (is(test)) {
      at++;
    }
    return new String(text, from, at - from);
  }

  String between(int from, int to) {
    return new String(text, from, to - from);
  }

  /** What comes next, for messages. */
  String shown() {
    if (isEnd()) {
      return "the end";
    }
    return text[at] == '\n' || text[at] == '\r'
        ? "the end of the line"
        : "'" + Character.toString(text[at]) + "'";
  }

  SoleboxException error(String message) {
    return error(at, message, REMEDY);
  }

  SoleboxException error(int place, String message, String remedy) {
    return new SoleboxException(ErrorCode.BAD_GRAMMAR, place(place), message + ".", remedy);
  }

  /** Lines and columns are counted from 1, columns in characters. */
  private String place(int at) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < Math.min(at, text.length); i++) {
      if (text[i] == '\n') {
        line++;
        start = i + 1;
      }
    }
    return "line %d, column %d".formatted(line, at - start + 1);
  }

  /** As many hexadecimal digits as are said, as the character of that number. */
  int hex(int digits) {
    int from = at;
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = isEnd() ? -1 : Character.digit(text[at], 16);
      if (digit < 0) {
        throw error(from, digits + " hexadecimal digits are expected", REMEDY);
      }
      value = value << 4 | digit;
      at++;
    }
    boolean surrogate = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    if (value > Character.MAX_CODE_POINT || surrogate) {
      throw error(from, "No character has the number %x".formatted(value), REMEDY);
    }
    return (int) value;
  }

  /** A whole number without a sign. */
  int number() {
    int from = at;
    String digits = run(c -> c >= '0' && c <= '9');
    if (digits.isEmpty()) {
      throw error("A number is expected, and not " + shown());
    }
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw error(from, "The number is too large", REMEDY);
    }
  }
}
