package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template into text and tags, with Jinja's white space rules under {@code trim_blocks}
 * (the newline after a block or comment goes) and {@code lstrip_blocks} (so does the indentation
 * before it). What is inside a tag is read by {@link TagLexer}.
 */
final class Lexer {
  private static final Pattern NEWLINE = Pattern.compile("\r\n?");
  private static final Pattern RAW_BEGIN =
      Pattern.compile("\\{%[-+]?+\\s*+raw\\s*+(-?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern RAW_END =
      Pattern.compile("\\{%([-+]?+)\\s*+endraw\\s*+([-+]?)%\\}", Pattern.UNICODE_CHARACTER_CLASS);

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int countedTo;

  private Lexer(String source) {
    String text = NEWLINE.matcher(source).replaceAll("\n");
    this.source = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  static List<Token> tokenize(String source) {
    Lexer lexer = new Lexer(source);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (position < source.length()) {
      int tag = nextTag(position);
      if (tag < 0) {
        addData(position, source.length());
        break;
      }
      char kind = source.charAt(tag + 1);
      char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
      boolean signed = sign == '-' || sign == '+';
      addText(tag, sign, kind != '{');
      int inside = tag + (signed ? 3 : 2);
      switch (kind) {
        case '#' -> skipComment(inside);
        case '{' -> readTag(inside, tag, Token.Kind.OUTPUT_BEGIN);
        default -> {
          if (!readRaw(tag)) {
            readTag(inside, tag, Token.Kind.BLOCK_BEGIN);
          }
        }
      }
    }
    tokens.add(new Token(Token.Kind.END, "", lineAt(source.length())));
  }

  /** Index of the next opening of an output, block or comment; negative when there is none. */
  private int nextTag(int from) {
    int brace = source.indexOf('{', from);
    while (brace >= 0 && brace + 1 < source.length()) {
      char next = source.charAt(brace + 1);
      if (next == '{' || next == '%' || next == '#') {
        return brace;
      }
      brace = source.indexOf('{', brace + 1);
    }
    return -1;
  }

  /** The text before a tag, stripped as the tag's sign and {@code lstrip_blocks} say. */
  private void addText(int end, char sign, boolean isBlock) {
    int stop = end;
    if (sign == '-') {
      while (stop > position && PyText.isSpace(source.charAt(stop - 1))) {
        stop--;
      }
    } else if (sign != '+' && isBlock) {
      int start = end;
      while (start > position
          && source.charAt(start - 1) != '\n'
          && PyText.isSpace(source.charAt(start - 1))) {
        start--;
      }
      if (start == 0 || source.charAt(start - 1) == '\n') {
        stop = start;
      }
    }
    addData(position, stop);
  }

  private void addData(int from, int to) {
    if (to > from) {
      tokens.add(new Token(Token.Kind.DATA, source.substring(from, to), lineAt(from)));
    }
  }

  private void skipComment(int inside) {
    int end = source.indexOf("#}", inside);
    if (end < 0) {
      throw new TemplateFailure("a comment has no end: '#}' is missing", lineAt(inside));
    }
    char sign = end > inside ? source.charAt(end - 1) : ' ';
    position = afterBlock(end + 2, sign);
  }

  private boolean readRaw(int tag) {
    Matcher begin = RAW_BEGIN.matcher(source).region(tag, source.length());
    if (!begin.lookingAt()) {
      return false;
    }
    int from = begin.end();
    if (!begin.group(1).isEmpty()) {
      from = skipSpace(from);
    }
    Matcher end = RAW_END.matcher(source);
    if (!end.find(from)) {
      throw new TemplateFailure("'raw' has no 'endraw'", lineAt(tag));
    }
    position = from;
    addText(end.start(), signOf(end.group(1)), true);
    position = afterBlock(end.end(), signOf(end.group(2)));
    return true;
  }

  private static char signOf(String sign) {
    return sign.isEmpty() ? ' ' : sign.charAt(0);
  }

  private void readTag(int inside, int tag, Token.Kind begin) {
    tokens.add(new Token(begin, "", lineAt(tag)));
    boolean isBlock = begin == Token.Kind.BLOCK_BEGIN;
    TagLexer tagLexer = new TagLexer(source, inside, isBlock ? "%}" : "}}", lineAt(inside));
    tagLexer.readInto(tokens);
    int end = tagLexer.position();
    Token.Kind kind = isBlock ? Token.Kind.BLOCK_END : Token.Kind.OUTPUT_END;
    tokens.add(new Token(kind, "", lineAt(end)));
    if (isBlock) {
      position = afterBlock(end, tagLexer.endSign());
    } else {
      position = tagLexer.endSign() == '-' ? skipSpace(end) : end;
    }
  }

  /** {@code -} takes all white space after the tag, {@code +} none, otherwise one newline goes. */
  private int afterBlock(int end, char sign) {
    if (sign == '-') {
      return skipSpace(end);
    }
    boolean newline = sign != '+' && end < source.length() && source.charAt(end) == '\n';
    return newline ? end + 1 : end;
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < source.length() && PyText.isSpace(source.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Positions only grow, so the newlines are counted once. */
  private int lineAt(int target) {
    while (countedTo < target) {
      if (source.charAt(countedTo++) == '\n') {
        line++;
      }
    }
    return line;
  }
}
