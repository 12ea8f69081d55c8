package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes the arrays of an alternative. */
final class ArrayExpressions {
  private static final int MAX_TUPLE = 2_000;

  /** Where the one item may stand that an array contains. */
  private static final int MAX_PLACES = 64;

  private final Emission emission;
  private final ArrayFacts facts;
  private final String pointer;
  private final Expression space;
  private final Expression comma;

  ArrayExpressions(Emission emission, Alternative alternative, String pointer) {
    this.emission = emission;
    this.facts = new ArrayFacts(alternative);
    this.pointer = pointer;
    this.space = emission.scalars().space();
    this.comma = emission.scalars().mark(",");
  }

  Expression array() {
    if (facts.min() > facts.max()) {
      return Expression.NOTHING;
    }
    List<Schema> containing = facts.containing();
    if (facts.unique().isPresent() && facts.max() > 1) {
      Distinct distinct = new Distinct(emission, facts);
      if (distinct.isPossible()) {
        return bracketed(distinct.items(space, comma));
      }
    }
    return bracketed(containing.isEmpty() ? from(0, facts.prefix()) : containing(containing));
  }

  private Expression bracketed(Expression items) {
    return Expression.sequence(Expression.text("["), space, items, Expression.text("]"));
  }

  /**
   * Arrays in which an item is what {@code contains} asks: one for each place that it may have, or
   * one for all places where their number does not matter.
   */
  private Expression containing(List<Schema> schemas) {
    Schema schema = schemas.getFirst();
    int least = schema.count("minContains").orElse(1);
    boolean most = schema.has("maxContains");
    if (schemas.size() > 1 || least > 1 || most) {
      throw Refusal.unsupported(
          schema.pointer(most ? "maxContains" : least > 1 ? "minContains" : "contains"),
          "Only one contains with one item can be held for an array.");
    }
    if (least == 0) {
      return from(0, facts.prefix());
    }
    Claim wanted = Claim.holds(schema.schema("contains").orElseThrow());
    int last = facts.prefix() + Math.max(0, facts.min() - facts.prefix() - 1);
    if (facts.max() != Expression.UNBOUNDED) {
      last = facts.max() - 1;
    }
    if (last > MAX_PLACES) {
      throw Refusal.tooMuch(
          schema.pointer("contains"),
          "contains can be held for arrays of at most %d items.".formatted(MAX_PLACES));
    }
    List<Expression> ways = new ArrayList<>();
    for (int place = 0; place <= last; place++) {
      ways.add(with(wanted, place, false));
    }
    if (facts.max() == Expression.UNBOUNDED) {
      ways.add(with(wanted, Math.max(last, facts.prefix()), true));
    }
    return new Expression.Choice(ways);
  }

  /**
   * @param later whether there may be any number of further items before the place
   */
  private Expression with(Claim wanted, int place, boolean later) {
    List<Expression> parts = new ArrayList<>();
    for (int i = 0; i < place; i++) {
      if (i > 0) {
        parts.add(comma);
      }
      parts.add(emission.value(facts.goal(i)));
    }
    Set<Claim> goal = new LinkedHashSet<>(facts.goal(place));
    if (later) {
      Expression item = emission.value(goal);
      parts.add(
          place > 0
              ? Expression.sequence(comma, item).repeated()
              : Expression.sequence(item, comma).repeated());
    }
    if (place > 0) {
      parts.add(comma);
    }
    goal.add(wanted);
    parts.add(emission.value(goal));
    parts.add(from(place + 1, Math.max(facts.prefix(), place + 1)));
    emission.spend(parts.size(), pointer);
    return new Expression.Sequence(parts);
  }

  /**
   * Items up to the bracket where {@code index} of them are written, with the white space in front
   * of it.
   *
   * @param single how many are written one by one
   */
  private Expression from(int index, int single) {
    int tuple = Math.min(single, facts.max());
    if (tuple > MAX_TUPLE) {
      throw Refusal.tooMuch(pointer, "A tuple has more than %d items.".formatted(MAX_TUPLE));
    }
    Expression rest = rest(tuple);
    for (int i = tuple - 1; i >= index; i--) {
      emission.spend(4, pointer);
      Expression item = emission.value(facts.goal(i));
      Expression more =
          i == 0 ? Expression.sequence(item, rest) : Expression.sequence(comma, item, rest);
      rest = i >= facts.min() ? new Expression.Choice(List.of(more, end(i))) : more;
    }
    return rest;
  }

  /** The end of an array that has so many items. */
  private Expression end(int count) {
    return count == 0 ? Expression.EMPTY : space;
  }

  /** Items behind the tuple. */
  private Expression rest(int tuple) {
    if (facts.max() == tuple) {
      return end(tuple);
    }
    Expression item = emission.value(facts.goal(facts.prefix()));
    Expression more = Expression.sequence(comma, item);
    int min = Math.max(0, facts.min() - tuple);
    int max = facts.max() == Expression.UNBOUNDED ? facts.max() : facts.max() - tuple;
    if (tuple > 0) {
      return Expression.sequence(new Expression.Repeat(more, min, max), space);
    }
    int others = max == Expression.UNBOUNDED ? max : max - 1;
    List<Expression> some = new ArrayList<>();
    some.add(
        Expression.sequence(
            item, new Expression.Repeat(more, Math.max(0, min - 1), others), space));
    if (min == 0) {
      some.add(Expression.EMPTY);
    }
    return new Expression.Choice(some);
  }
}
