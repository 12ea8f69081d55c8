package io.solebox.engine.constrain.grammar;

import io.solebox.engine.regex.CodePointSet;
import java.util.List;
import java.util.Set;

/** What a rule of a grammar says: a set of texts. Immutable. */
public sealed interface Expression {
  /** No bound on how often something is repeated. */
  int UNBOUNDED = Integer.MAX_VALUE;

  /** The empty text. */
  Expression EMPTY = new Sequence(List.of());

  /** No text at all. */
  Expression NOTHING = new Choice(List.of());

  /** One text, which is written in UTF-8. */
  record Text(String text) implements Expression {}

  /** Any one character of a set. */
  record Characters(CodePointSet set) implements Expression {}

  /** All of these, one after the other; none for the empty text. */
  record Sequence(List<Expression> parts) implements Expression {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** Any one of these; none for no text at all. */
  record Choice(List<Expression> options) implements Expression {
    public Choice {
      options = List.copyOf(options);
    }
  }

  /** From {@code min} to {@code max} times. */
  record Repeat(Expression body, int min, int max) implements Expression {
    public Repeat {
      if (min < 0 || max < min) {
        throw new IllegalArgumentException("repeat {%d,%d}".formatted(min, max));
      }
    }
  }

  /** What a rule says. */
  record Call(String rule) implements Expression {}

  /** The texts of an automaton. */
  record Regular(Automaton automaton) implements Expression {}

  /**
   * One token, whatever its text.
   *
   * @param others whether it is any token that ends no answer, but these
   */
  record Tokens(Set<Integer> ids, boolean others) implements Expression {
    public Tokens {
      ids = Set.copyOf(ids);
    }
  }

  static Expression text(String text) {
    return new Text(text);
  }

  static Expression sequence(Expression... parts) {
    return new Sequence(List.of(parts));
  }

  static Expression choice(Expression... options) {
    return new Choice(List.of(options));
  }

  default Expression optional() {
    return new Repeat(this, 0, 1);
  }

  /** As often as one likes, also never. */
  default Expression repeated() {
    return new Repeat(this, 0, UNBOUNDED);
  }
}
