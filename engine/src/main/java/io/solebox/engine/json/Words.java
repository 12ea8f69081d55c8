package io.solebox.engine.json;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/**
 * What is wrong with a text, in our words: the parser's own speak of its options. They tell the
 * kind of the mistake; the bytes at its place tell the rest.
 */
final class Words {
  /** How messages end where a name is missing. */
  static final String NAME_EXPECTED = "a name in double quotes was expected";

  private static final int MAX_TOKEN = 20;

  private Words() {}

  static String of(JacksonException e, JsonLimits limits, byte[] bytes, int at) {
    String said = e.getOriginalMessage();
    return switch (e) {
      case StreamConstraintsException _ -> overLimit(said, limits);
      case UnexpectedEndOfInputException _ -> "The text ends before its JSON value is complete";
      default -> wrongAt(said, bytes, at);
    };
  }

  private static String overLimit(String said, JsonLimits limits) {
    if (said.contains("depth")) {
      return "Objects and arrays are nested deeper than " + limits.maxDepth() + " levels";
    }
    if (said.contains("Number")) {
      return "A number has more than " + JsonReader.MAX_NUMBER_LENGTH + " digits";
    }
    return "A string has more than " + limits.maxStringLength() + " characters";
  }

  private static String wrongAt(String said, byte[] bytes, int at) {
    if (said.contains("surrogate")) {
      return "A string has half a surrogate pair";
    }
    if (said.contains("hex-digit")) {
      return "'\\u' in a string must be followed by four hexadecimal digits";
    }
    if (said.contains("character escape")) {
      return found(bytes, at) + " after a backslash is no escape that JSON has";
    }
    if (said.contains("has to be escaped")) {
      return "The control character " + found(bytes, at) + " in a string must be escaped";
    }
    if (said.contains("eading zeroes")) {
      return "A number begins with a zero that is not all of it";
    }
    if (said.contains("numeric value") || said.contains("digit")) {
      return "This is not how JSON writes a number";
    }
    if (said.contains("comment")) {
      return "JSON has no comments";
    }
    if (said.contains("oken '")) {
      return "'" + token(bytes, at) + "' is no JSON value";
    }
    if (said.contains("close marker")) {
      return found(bytes, at) + " closes nothing that is open here";
    }
    return found(bytes, at) + " stands where " + expected(said);
  }

  /** The text begins with what begins no value. */
  static String unexpected(byte[] bytes, int at) {
    return found(bytes, at) + " stands where a value was expected";
  }

  private static String expected(String said) {
    if (said.contains("property name") && said.contains("double-quote")) {
      return NAME_EXPECTED;
    }
    if (said.contains("colon")) {
      return "a colon was expected";
    }
    return said.contains("comma")
        ? "a comma or the closing bracket was expected"
        : "a value was expected";
  }

  /** The character at {@code at}, in quotes or as a number. */
  private static String found(byte[] bytes, int at) {
    if (at >= bytes.length) {
      return "The end of the text";
    }
    int c = characterAt(bytes, at);
    boolean visible =
        !Character.isISOControl(c)
            && !Character.isSpaceChar(c)
            && Character.getType(c) != Character.FORMAT;
    return visible ? "'" + Character.toString(c) + "'" : "U+%04X".formatted(c);
  }

  private static int characterAt(byte[] bytes, int at) {
    int start = at;
    while (start > 0 && (bytes[start] & 0xc0) == 0x80) {
      start--;
    }
    int length = Math.min(4, bytes.length - start);
    return new String(bytes, start, length, StandardCharsets.UTF_8).codePointAt(0);
  }

  private static String token(byte[] bytes, int at) {
    // The parser stands behind some tokens and before others.
    int start = Math.min(at, bytes.length - 1);
    while (start > 0 && isWord(bytes[start - 1])) {
      start--;
    }
    int end = start;
    while (end < bytes.length && isWord(bytes[end])) {
      end++;
    }
    return printable(new String(bytes, start, end - start, StandardCharsets.UTF_8), MAX_TOKEN);
  }

  private static boolean isWord(byte b) {
    return b < 0 || Character.isLetterOrDigit(b) || b == '_' || b == '-' || b == '+' || b == '.';
  }

  /** At most {@code max} characters, whole ones, and none that could command a terminal. */
  static String printable(String text, int max) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(max)
        .map(c -> Character.isISOControl(c) || isHalf(c) ? 0xfffd : c)
        .forEach(printable::appendCodePoint);
    boolean all = text.codePointCount(0, text.length()) <= max;
    return all ? printable.toString() : printable.append("...").toString();
  }

  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
