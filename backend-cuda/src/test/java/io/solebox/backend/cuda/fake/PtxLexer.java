package io.solebox.backend.cuda.fake;

import java.util.ArrayList;
import java.util.List;

/** Cuts PTX into words and punctuation; comments are dropped, line numbers kept. */
final class PtxLexer {
  /** A name, directive, opcode with its suffixes, number, string, or one punctuation character. */
  record Token(String text, int line) {
    boolean is(String what) {
      return text.equals(what);
    }
  }

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private PtxLexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) {
    var lexer = new PtxLexer(source);
    while (lexer.at < source.length()) {
      lexer.next();
    }
    return lexer.tokens;
  }

  private void next() {
    char c = source.charAt(at);
    if (c == '\n') {
      line++;
      at++;
    } else if (Character.isWhitespace(c) || c == 0) {
      at++;
    } else if (source.startsWith("//", at)) {
      int end = source.indexOf('\n', at);
      at = end < 0 ? source.length() : end;
    } else if (source.startsWith("/*", at)) {
      int end = source.indexOf("*/", at);
      String comment = source.substring(at, end);
      line += (int) comment.chars().filter(ch -> ch == '\n').count();
      at = end + 2;
    } else if (c == '"') {
      int end = source.indexOf('"', at + 1) + 1;
      tokens.add(new Token(source.substring(at, end), line));
      at = end;
    } else if (isWord(at)) {
      word();
    } else {
      tokens.add(new Token(String.valueOf(c), line));
      at++;
    }
  }

  private void word() {
    int start = at;
    while (at < source.length() && (isWord(at) || source.startsWith("::", at))) {
      at += isWord(at) ? 1 : 2;
    }
    tokens.add(new Token(source.substring(start, at), line));
  }

  private boolean isWord(int index) {
    char c = source.charAt(index);
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '$' || c == '%';
  }
}
