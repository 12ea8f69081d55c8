package io.solebox.engine.chat.jinja;

import io.solebox.engine.chat.jinja.Expr.Comparator;
import io.solebox.engine.chat.jinja.Expr.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recursive descent over Jinja's expression grammar, weakest binding first: conditional, or, and,
 * not, comparison, sum, concatenation, product, power, sign, postfix, filter and test.
 */
final class ExpressionParser {
  private static final Map<String, Comparator> COMPARATORS =
      Map.of(
          "==", Comparator.EQUAL,
          "!=", Comparator.NOT_EQUAL,
          "<", Comparator.LESS,
          "<=", Comparator.LESS_OR_EQUAL,
          ">", Comparator.GREATER,
          ">=", Comparator.GREATER_OR_EQUAL);

  private final TokenStream tokens;
  private final PrimaryParser primary;

  /**
   * @param names told every variable that an expression reads
   */
  ExpressionParser(TokenStream tokens, NameListener names) {
    this.tokens = tokens;
    this.primary = new PrimaryParser(tokens, this, names);
  }

  /** Told about each variable that is read. */
  interface NameListener {
    void read(String name);
  }

  PrimaryParser primary() {
    return primary;
  }

  /** One expression, or several with commas: then a tuple. */
  Expr tuple(boolean conditional) {
    Expr first = expression(conditional);
    if (!tokens.atOperator(",")) {
      return first;
    }
    List<Expr> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",") && !atTupleEnd()) {
      items.add(expression(conditional));
    }
    return new Expr.TupleLiteral(items);
  }

  private boolean atTupleEnd() {
    return switch (tokens.current().kind()) {
      case OUTPUT_END, BLOCK_END, END -> true;
      case OPERATOR -> tokens.atOperator(")");
      case NAME -> tokens.atName("recursive");
      case DATA, OUTPUT_BEGIN, BLOCK_BEGIN, STRING, INTEGER, FLOAT -> false;
    };
  }

  Expr expression() {
    return expression(true);
  }

  private Expr expression(boolean conditional) {
    tokens.enter();
    Expr result = conditional ? conditional() : or();
    tokens.leave();
    return result;
  }

  private Expr conditional() {
    Expr result = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Optional<Expr> otherwise =
          tokens.skipName("else") ? Optional.of(expression(true)) : Optional.empty();
      result = new Expr.Conditional(test, result, otherwise);
    }
    return result;
  }

  private Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Or(left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.And(left, not());
    }
    return left;
  }

  private Expr not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    Expr operand = not();
    tokens.leave();
    return new Expr.Not(operand);
  }

  private Expr comparison() {
    Expr first = sum();
    List<Expr.Comparison> rest = new ArrayList<>();
    Optional<Comparator> comparator = comparator();
    while (comparator.isPresent()) {
      rest.add(new Expr.Comparison(comparator.get(), sum()));
      comparator = comparator();
    }
    return rest.isEmpty() ? first : new Expr.Compare(first, rest);
  }

  private Optional<Comparator> comparator() {
    if (tokens.at(Token.Kind.OPERATOR)) {
      Comparator found = COMPARATORS.get(tokens.current().text());
      if (found != null) {
        tokens.next();
        return Optional.of(found);
      }
    } else if (tokens.skipName("in")) {
      return Optional.of(Comparator.IN);
    } else if (tokens.atName("not") && tokens.look().isName("in")) {
      tokens.next();
      tokens.next();
      return Optional.of(Comparator.NOT_IN);
    }
    return Optional.empty();
  }

  private Expr sum() {
    Expr left = concatenation();
    while (true) {
      if (tokens.skipOperator("+")) {
        left = new Expr.Arithmetic(Operator.ADD, left, concatenation());
      } else if (tokens.skipOperator("-")) {
        left = new Expr.Arithmetic(Operator.SUBTRACT, left, concatenation());
      } else {
        return left;
      }
    }
  }

  private Expr concatenation() {
    Expr first = product();
    if (!tokens.atOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(parts);
  }

  private Expr product() {
    Expr left = power();
    while (true) {
      if (tokens.skipOperator("*")) {
        left = new Expr.Arithmetic(Operator.MULTIPLY, left, power());
      } else if (tokens.skipOperator("/")) {
        left = new Expr.Arithmetic(Operator.DIVIDE, left, power());
      } else if (tokens.skipOperator("//")) {
        left = new Expr.Arithmetic(Operator.FLOOR_DIVIDE, left, power());
      } else if (tokens.skipOperator("%")) {
        left = new Expr.Arithmetic(Operator.MODULO, left, power());
      } else {
        return left;
      }
    }
  }

  private Expr power() {
    Expr left = unary(true);
    while (tokens.skipOperator("**")) {
      left = new Expr.Arithmetic(Operator.POWER, left, unary(true));
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    Expr result;
    if (tokens.atOperator("-") || tokens.atOperator("+")) {
      boolean negative = tokens.next().text().equals("-");
      tokens.enter();
      Expr operand = unary(false);
      tokens.leave();
      result = negative ? new Expr.Negative(operand) : new Expr.Positive(operand);
    } else {
      result = primary.primary();
    }
    result = primary.postfix(result);
    return withFilters ? filtersAndTests(result) : result;
  }

  private Expr filtersAndTests(Expr start) {
    Expr result = start;
    while (true) {
      if (tokens.atOperator("|")) {
        result = new Expr.Filter(result, filterStep());
      } else if (tokens.atName("is")) {
        result = test(result);
      } else if (tokens.atOperator("(")) {
        result = new Expr.Call(result, primary.arguments());
      } else {
        return result;
      }
    }
  }

  /** {@code | name(arguments)}, the bar included. */
  Expr.FilterStep filterStep() {
    tokens.expectOperator("|");
    return filterName();
  }

  /** {@code name(arguments)}. */
  Expr.FilterStep filterName() {
    String name = dottedName("a filter");
    return new Expr.FilterStep(
        name, tokens.atOperator("(") ? primary.arguments() : Expr.CallArguments.NONE);
  }

  private String dottedName(String what) {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME, what).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME, what).text());
    }
    return name.toString();
  }

  private Expr test(Expr input) {
    tokens.expectName("is");
    boolean negated = tokens.skipName("not");
    String name = dottedName("a test");
    Expr.CallArguments arguments = Expr.CallArguments.NONE;
    if (tokens.atOperator("(")) {
      arguments = primary.arguments();
    } else if (atTestOperand()) {
      Expr operand = primary.postfix(primary.primary());
      arguments =
          new Expr.CallArguments(List.of(operand), List.of(), Optional.empty(), Optional.empty());
    }
    Expr test = new Expr.Test(input, name, arguments);
    return negated ? new Expr.Not(test) : test;
  }

  /** A test takes one operand without brackets: {@code x is divisibleby 3}. */
  private boolean atTestOperand() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.text().equals("[") || token.text().equals("{");
      case NAME -> {
        if (token.text().equals("is")) {
          throw new TemplateFailure("tests cannot be chained with 'is'", token.line());
        }
        // 'if' would be an operand in Jinja too and fail there: it is never a variable's name.
        yield switch (token.text()) {
          case "else", "or", "and" -> false;
          default -> true;
        };
      }
      case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
    };
  }
}
