package io.solebox.engine.answer.call;

import java.util.Locale;

/** The insides of JSON strings. */
final class JsonStrings {
  private static final int HEX_DIGITS = 4;

  private JsonStrings() {}

  /** The text of a valid string without its quotes. */
  static String unescape(CharSequence string) {
    StringBuilder text = new StringBuilder(string.length());
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char kind = string.charAt(++i);
      if (kind == 'u') {
        text.append((char) Integer.parseInt(string, i + 1, i + 1 + HEX_DIGITS, 16));
        i += HEX_DIGITS;
      } else {
        text.append(single(kind));
      }
    }
    return text.toString();
  }

  private static char single(char kind) {
    return switch (kind) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> kind;
    };
  }

  /** A character of a text as it stands in a string. */
  static void append(char c, StringBuilder string) {
    if (c == '"' || c == '\\') {
      string.append('\\').append(c);
    } else if (c < ' ') {
      string.append(escape(c));
    } else {
      string.append(c);
    }
  }

  /** A text as a string, quotes included. */
  static void appendQuoted(CharSequence text, StringBuilder json) {
    json.append('"');
    text.chars().forEach(c -> append((char) c, json));
    json.append('"');
  }

  /** JSON with the control characters escaped that stand in its strings. */
  static String escapeControls(String json) {
    JsonScanner scanner = new JsonScanner();
    StringBuilder escaped = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      escaped.append(scanner.inString() && c < ' ' ? escape(c) : String.valueOf(c));
      scanner.accept(c);
    }
    return escaped.toString();
  }

  /** A control character as it may stand in a string. */
  static String escape(char control) {
    return switch (control) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", (int) control);
    };
  }
}
