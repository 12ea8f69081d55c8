package io.solebox.engine.chat.jinja;

import java.util.List;

/** A cursor over tokens; also holds the limit on how deep a template may nest. */
final class TokenStream {
  private static final int MAX_NESTING = 100;

  private final List<Token> tokens;
  private int position;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  /** The token after the current one. */
  Token look() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(position);
    if (position < tokens.size() - 1) {
      position++;
    }
    return token;
  }

  boolean at(Token.Kind kind) {
    return current().kind() == kind;
  }

  boolean atOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  boolean skipOperator(String operator) {
    boolean found = atOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipName(String name) {
    boolean found = atName(name);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(Token.Kind kind, String expected) {
    if (!at(kind)) {
      throw unexpected(expected);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  TemplateFailure unexpected(String expected) {
    return new TemplateFailure(
        "expected " + expected + " but found " + current().describe(), current().line());
  }

  /** One level of brackets, operators or blocks deeper; {@link #leave} must follow. */
  void enter() {
    if (++nesting > MAX_NESTING) {
      throw new TemplateFailure("the template nests too deeply", current().line());
    }
  }

  void leave() {
    nesting--;
  }
}
