package io.solebox.engine.chat.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the tokens inside one tag, up to its end. */
final class TagLexer {
  private static final Pattern NUMBER =
      Pattern.compile(
          "0[bB]_?[01][01_]*+|0[oO]_?[0-7][0-7_]*+|0[xX]_?[0-9a-fA-F][0-9a-fA-F_]*+"
              + "|([0-9][0-9_]*+)(\\.[0-9][0-9_]*+)?+([eE][-+]?[0-9][0-9_]*+)?+");
  private static final Pattern INTEGER = Pattern.compile("[0-9][0-9_]*+");
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final String end;
  private final Deque<Character> brackets = new ArrayDeque<>();
  private int position;
  private int line;
  private char endSign = ' ';

  /**
   * @param end {@code %}} or {@code }}}
   * @param line that of {@code position}
   */
  TagLexer(String source, int position, String end, int line) {
    this.source = source;
    this.position = position;
    this.end = end;
    this.line = line;
  }

  /** Right after the tag's end. */
  int position() {
    return position;
  }

  /** {@code -} or {@code +} before the tag's end, or a space. */
  char endSign() {
    return endSign;
  }

  void readInto(List<Token> tokens) {
    while (!atEnd()) {
      if (position >= source.length()) {
        throw new TemplateFailure("a tag has no end: '" + end + "' is missing", line);
      }
      char c = source.charAt(position);
      if (PyText.isSpace(c)) {
        if (c == '\n') {
          line++;
        }
        position++;
      } else if (c == '"' || c == '\'') {
        tokens.add(readString(c));
      } else if (c >= '0' && c <= '9') {
        tokens.add(readNumber());
      } else if (c == '_' || Character.isLetter(source.codePointAt(position))) {
        tokens.add(readName());
      } else {
        tokens.add(readOperator());
      }
    }
  }

  private boolean atEnd() {
    if (!brackets.isEmpty()) {
      return false;
    }
    if (source.startsWith(end, position)) {
      position += end.length();
      return true;
    }
    char c = position < source.length() ? source.charAt(position) : ' ';
    boolean signed = c == '-' || (c == '+' && end.equals("%}"));
    if (signed && source.startsWith(end, position + 1)) {
      endSign = c;
      position += 1 + end.length();
      return true;
    }
    return false;
  }

  private Token readString(char quote) {
    int at = position + 1;
    int startLine = line;
    while (at < source.length() && source.charAt(at) != quote) {
      if (source.charAt(at) == '\n') {
        line++;
      } else if (source.charAt(at) == '\\' && at + 1 < source.length()) {
        at++;
        if (source.charAt(at) == '\n') {
          line++;
        }
      }
      at++;
    }
    if (at >= source.length()) {
      throw new TemplateFailure("a string has no end: " + quote + " is missing", startLine);
    }
    String text = StringLiteral.unescape(source.substring(position + 1, at), startLine);
    position = at + 1;
    return new Token(Token.Kind.STRING, text, startLine);
  }

  private Token readNumber() {
    // After a dot only digits belong to the number: 'rows.0.1' is two subscripts.
    boolean afterDot = source.charAt(position - 1) == '.';
    Matcher number = (afterDot ? INTEGER : NUMBER).matcher(source);
    number.region(position, source.length());
    if (!number.lookingAt()) {
      throw new TemplateFailure("a malformed number", line);
    }
    position = number.end();
    String text = number.group().replace("_", "");
    boolean isFloat = !afterDot && (number.group(2) != null || number.group(3) != null);
    return new Token(isFloat ? Token.Kind.FLOAT : Token.Kind.INTEGER, text, line);
  }

  private Token readName() {
    int start = position;
    while (position < source.length()) {
      int c = source.codePointAt(position);
      if (c != '_' && !Character.isUnicodeIdentifierPart(c)) {
        break;
      }
      position += Character.charCount(c);
    }
    return new Token(Token.Kind.NAME, source.substring(start, position), line);
  }

  private Token readOperator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        position += operator.length();
        track(operator.charAt(0));
        return new Token(Token.Kind.OPERATOR, operator, line);
      }
    }
    String odd = Character.toString(source.codePointAt(position));
    throw new TemplateFailure("unexpected character '" + odd + "'", line);
  }

  /** Inside brackets a {@code }}} closes dicts and not the tag. */
  private void track(char c) {
    switch (c) {
      case '(' -> brackets.push(')');
      case '[' -> brackets.push(']');
      case '{' -> brackets.push('}');
      case ')', ']', '}' -> {
        if (brackets.isEmpty() || brackets.pop() != c) {
          throw new TemplateFailure("unexpected '" + c + "'", line);
        }
      }
      default -> {}
    }
  }
}
