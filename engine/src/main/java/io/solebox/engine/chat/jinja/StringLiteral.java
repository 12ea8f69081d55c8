package io.solebox.engine.chat.jinja;

/** Python's escape sequences. An unknown one stays as it is, backslash included. */
final class StringLiteral {
  private final String body;
  private final int line;
  private final StringBuilder out = new StringBuilder();
  private int position;

  private StringLiteral(String body, int line) {
    this.body = body;
    this.line = line;
  }

  /** The text of a literal without its quotes. */
  static String unescape(String body, int line) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringLiteral literal = new StringLiteral(body, line);
    literal.run();
    return literal.out.toString();
  }

  private void run() {
    while (position < body.length()) {
      char c = body.charAt(position++);
      if (c != '\\' || position == body.length()) {
        out.append(c);
      } else {
        escape(body.charAt(position++));
      }
    }
  }

  private void escape(char c) {
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> out.append(c);
      case 'a' -> out.append('\u0007');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(c);
      default -> out.append('\\').append(c);
    }
  }

  private void hex(int digits) {
    int end = position + digits;
    int value = 0;
    if (end > body.length()) {
      throw new TemplateFailure("a string has an unfinished escape sequence", line);
    }
    while (position < end) {
      int digit = Character.digit(body.charAt(position++), 16);
      if (digit < 0 || value > Character.MAX_CODE_POINT >> 4) {
        throw new TemplateFailure("a string has a wrong escape sequence", line);
      }
      value = value * 16 + digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw new TemplateFailure("a string has a wrong escape sequence", line);
    }
    out.appendCodePoint(value);
  }

  private void octal(char first) {
    int value = first - '0';
    for (int i = 0; i < 2 && position < body.length(); i++) {
      char c = body.charAt(position);
      if (c < '0' || c > '7') {
        break;
      }
      value = value * 8 + (c - '0');
      position++;
    }
    out.append((char) value);
  }
}
