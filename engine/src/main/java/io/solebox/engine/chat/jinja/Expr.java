package io.solebox.engine.chat.jinja;

import java.util.List;
import java.util.Optional;

/** An expression. */
sealed interface Expr {
  /** A literal; null is Python's None. */
  record Const(Object value) implements Expr {}

  record Name(String name) implements Expr {}

  record ListLiteral(List<Expr> items) implements Expr {}

  record TupleLiteral(List<Expr> items) implements Expr {}

  record DictLiteral(List<Entry> entries) implements Expr {}

  record Entry(Expr key, Expr value) {}

  /** {@code target.name}. */
  record Attribute(Expr target, Text name) implements Expr {}

  /** {@code target[index]}. */
  record Subscript(Expr target, Expr index) implements Expr {}

  /** {@code target[start:stop:step]}. */
  record Slice(Expr target, Optional<Expr> start, Optional<Expr> stop, Optional<Expr> step)
      implements Expr {}

  record Call(Expr function, CallArguments arguments) implements Expr {}

  /** {@code input | name(arguments)}. */
  record Filter(Expr input, FilterStep step) implements Expr {}

  record FilterStep(String name, CallArguments arguments) {}

  /** {@code input is name(arguments)}. */
  record Test(Expr input, String name, CallArguments arguments) implements Expr {}

  record Not(Expr operand) implements Expr {}

  record Negative(Expr operand) implements Expr {}

  record Positive(Expr operand) implements Expr {}

  record Arithmetic(Operator operator, Expr left, Expr right) implements Expr {}

  /** {@code a ~ b ~ c}. */
  record Concat(List<Expr> parts) implements Expr {}

  /** {@code first < b <= c}, as a chain. */
  record Compare(Expr first, List<Comparison> rest) implements Expr {}

  record Comparison(Comparator comparator, Expr operand) {}

  record And(Expr left, Expr right) implements Expr {}

  record Or(Expr left, Expr right) implements Expr {}

  record Conditional(Expr test, Expr then, Optional<Expr> otherwise) implements Expr {}

  /** {@code f(positional, *spread, name=named, **spreadNamed)}. */
  record CallArguments(
      List<Expr> positional,
      List<NamedArgument> named,
      Optional<Expr> spread,
      Optional<Expr> spreadNamed) {
    static final CallArguments NONE =
        new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());
  }

  record NamedArgument(Text name, Expr value) {}

  enum Operator {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }

  enum Comparator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("in"),
    NOT_IN("not in");

    private final String symbol;

    Comparator(String symbol) {
      this.symbol = symbol;
    }

    String symbol() {
      return symbol;
    }
  }
}
