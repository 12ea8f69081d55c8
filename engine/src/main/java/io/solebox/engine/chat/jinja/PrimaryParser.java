package io.solebox.engine.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Literals, names, brackets, and what may follow them: attributes, subscripts, calls. */
final class PrimaryParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final ExpressionParser.NameListener names;

  PrimaryParser(
      TokenStream tokens, ExpressionParser expressions, ExpressionParser.NameListener names) {
    this.tokens = tokens;
    this.expressions = expressions;
    this.names = names;
  }

  Expr primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(tokens.next().text());
      case STRING -> strings();
      case INTEGER -> new Expr.Const(integer(tokens.next().text()));
      case FLOAT -> new Expr.Const(Double.parseDouble(tokens.next().text()));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesized();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
          };
      case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END ->
          throw tokens.unexpected("an expression");
    };
  }

  private Expr name(String name) {
    return switch (name) {
      case "true", "True" -> new Expr.Const(true);
      case "false", "False" -> new Expr.Const(false);
      case "none", "None" -> new Expr.Const(null);
      default -> {
        names.read(name);
        yield new Expr.Name(name);
      }
    };
  }

  /** Adjacent string literals are one string. */
  private Expr strings() {
    StringBuilder text = new StringBuilder(tokens.next().text());
    while (tokens.at(Token.Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return new Expr.Const(Text.written(text.toString()));
  }

  private Object integer(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int radix =
        lower.startsWith("0x") ? 16 : lower.startsWith("0o") ? 8 : lower.startsWith("0b") ? 2 : 10;
    String digits = radix == 10 ? lower : lower.substring(2);
    if (digits.length() > Arithmetic.MAX_DIGITS) {
      throw new TemplateFailure("a number has too many digits", tokens.current().line());
    }
    return Arithmetic.shrink(new BigInteger(digits, radix));
  }

  private Expr parenthesized() {
    tokens.expectOperator("(");
    if (tokens.skipOperator(")")) {
      return new Expr.TupleLiteral(List.of());
    }
    Expr inside = expressions.tuple(true);
    tokens.expectOperator(")");
    return inside;
  }

  private Expr list() {
    tokens.expectOperator("[");
    List<Expr> items = new ArrayList<>();
    while (!tokens.atOperator("]")) {
      items.add(expressions.expression());
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator("]");
    return new Expr.ListLiteral(items);
  }

  private Expr dict() {
    tokens.expectOperator("{");
    List<Expr.Entry> entries = new ArrayList<>();
    while (!tokens.atOperator("}")) {
      Expr key = expressions.expression();
      tokens.expectOperator(":");
      entries.add(new Expr.Entry(key, expressions.expression()));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator("}");
    return new Expr.DictLiteral(entries);
  }

  Expr postfix(Expr start) {
    Expr result = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        result = attribute(result);
      } else if (tokens.skipOperator("[")) {
        result = subscript(result);
      } else if (tokens.atOperator("(")) {
        result = new Expr.Call(result, arguments());
      } else {
        return result;
      }
    }
  }

  private Expr attribute(Expr target) {
    if (tokens.at(Token.Kind.INTEGER)) {
      return new Expr.Subscript(target, new Expr.Const(integer(tokens.next().text())));
    }
    Token name = tokens.expect(Token.Kind.NAME, "a name or number");
    return new Expr.Attribute(target, Text.written(name.text()));
  }

  private Expr subscript(Expr target) {
    Optional<Expr> start =
        tokens.atOperator(":") ? Optional.empty() : Optional.of(expressions.tuple(true));
    Expr result;
    if (tokens.skipOperator(":")) {
      Optional<Expr> stop = slicePart();
      Optional<Expr> step = tokens.skipOperator(":") ? slicePart() : Optional.empty();
      result = new Expr.Slice(target, start, stop, step);
    } else {
      result = new Expr.Subscript(target, start.orElseThrow());
    }
    tokens.expectOperator("]");
    return result;
  }

  private Optional<Expr> slicePart() {
    boolean absent = tokens.atOperator(":") || tokens.atOperator("]");
    return absent ? Optional.empty() : Optional.of(expressions.expression());
  }

  /** {@code (a, *b, c=d, **e)}, brackets included. */
  Expr.CallArguments arguments() {
    int line = tokens.current().line();
    tokens.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    List<Expr.NamedArgument> named = new ArrayList<>();
    Optional<Expr> spread = Optional.empty();
    Optional<Expr> spreadNamed = Optional.empty();
    while (!tokens.atOperator(")")) {
      if (tokens.skipOperator("*")) {
        requireOrder(spread.isEmpty() && spreadNamed.isEmpty(), line);
        spread = Optional.of(expressions.expression());
      } else if (tokens.skipOperator("**")) {
        requireOrder(spreadNamed.isEmpty(), line);
        spreadNamed = Optional.of(expressions.expression());
      } else if (tokens.at(Token.Kind.NAME) && tokens.look().isOperator("=")) {
        requireOrder(spreadNamed.isEmpty(), line);
        Text name = Text.written(tokens.next().text());
        tokens.next();
        named.add(new Expr.NamedArgument(name, expressions.expression()));
      } else {
        requireOrder(spread.isEmpty() && spreadNamed.isEmpty() && named.isEmpty(), line);
        positional.add(expressions.expression());
      }
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return new Expr.CallArguments(positional, named, spread, spreadNamed);
  }

  private static void requireOrder(boolean inOrder, int line) {
    if (!inOrder) {
      throw new TemplateFailure("the arguments of a call are in a wrong order", line);
    }
  }
}
