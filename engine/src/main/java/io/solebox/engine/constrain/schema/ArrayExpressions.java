package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes the arrays of an alternative. */
final class ArrayExpressions {
  private static final int MAX_TUPLE = 2_000;

  /** How many items that may be left out are inside of each other in one rule. */
  private static final int MAX_NESTED = 32;

  /** Where the one item may stand that an array contains. */
  private static final int MAX_PLACES = 64;

  private final Emission emission;
  private final ArrayFacts facts;
  private final Counts counts;
  private final String pointer;
  private final Expression space;
  private final Expression comma;

  ArrayExpressions(Emission emission, Alternative alternative, String pointer) {
    this.emission = emission;
    this.facts = new ArrayFacts(alternative);
    this.counts = facts.counts();
    this.pointer = pointer;
    this.space = emission.scalars().space();
    this.comma = emission.scalars().mark(",");
  }

  Expression array() {
    if (counts.isEmpty()) {
      return Expression.NOTHING;
    }
    List<Schema> containing = facts.containing();
    if (facts.unique().isPresent() && counts.max() > 1) {
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
    BigDecimal least = schema.has("minContains") ? schema.count("minContains") : BigDecimal.ONE;
    boolean several = least.compareTo(BigDecimal.ONE) > 0;
    boolean most = schema.has("maxContains");
    if (schemas.size() > 1 || several || most) {
      throw Refusal.unsupported(
          schema.pointer(most ? "maxContains" : several ? "minContains" : "contains"),
          "Only one contains with one item can be held for an array.");
    }
    if (least.signum() == 0) {
      return from(0, facts.prefix());
    }
    Claim wanted = Claim.holds(schema.schema("contains").orElseThrow());
    int last = facts.prefix() + Math.max(0, counts.min() - facts.prefix() - 1);
    if (counts.isBounded()) {
      last = counts.max() - 1;
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
    if (!counts.isBounded()) {
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
    emission.spend(parts.size());
    return new Expression.Sequence(parts);
  }

  /**
   * Items up to the bracket where {@code index} of them are written, with the white space in front
   * of it. Those that may be left out are written inside each other, some of them at a time.
   *
   * @param single how many are written one by one
   */
  private Expression from(int index, int single) {
    int tuple = Math.min(single, counts.max());
    if (tuple > MAX_TUPLE) {
      throw Refusal.tooMuch(pointer, "A tuple has more than %d items.".formatted(MAX_TUPLE));
    }
    int needed = Math.clamp(counts.min(), index, tuple);
    Expression rest = rest(tuple);
    for (int i = tuple - 1; i >= needed; i--) {
      List<Expression> more = new ArrayList<>(item(i));
      more.add(rest);
      rest = new Expression.Choice(List.of(new Expression.Sequence(more), end(i)));
      if ((tuple - i) % MAX_NESTED == 0) {
        rest = emission.rule("further items", rest);
      }
    }
    List<Expression> parts = new ArrayList<>();
    for (int i = index; i < needed; i++) {
      parts.addAll(item(i));
    }
    parts.add(rest);
    return new Expression.Sequence(parts);
  }

  /** One item of the tuple, behind a comma if it is not the first. */
  private List<Expression> item(int index) {
    emission.spend(4);
    Expression item = emission.value(facts.goal(index));
    return index == 0 ? List.of(item) : List.of(comma, item);
  }

  /** The end of an array that has so many items. */
  private Expression end(int count) {
    return count == 0 ? Expression.EMPTY : space;
  }

  /** Items behind the tuple. */
  private Expression rest(int tuple) {
    if (counts.max() == tuple) {
      return end(tuple);
    }
    Expression item = emission.value(facts.goal(facts.prefix()));
    Expression more = Expression.sequence(comma, item);
    int min = Math.max(0, counts.min() - tuple);
    int max = counts.isBounded() ? counts.max() - tuple : counts.max();
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
