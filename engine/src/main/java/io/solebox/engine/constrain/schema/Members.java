package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import java.util.ArrayList;
import java.util.List;

/** The properties of one object, with what stands between them. */
final class Members {
  private final Emission emission;
  private final List<Property> properties;
  private final Expression others;
  private final Expression space;
  private final Expression comma;

  /** A declared property, with its name and value. */
  record Property(Expression expression, boolean required) {}

  /**
   * @param others one property that is not declared
   */
  Members(Emission emission, List<Property> properties, Expression others, MemberForm form) {
    this.emission = emission;
    this.properties = properties;
    this.others = others;
    this.space = form.last();
    this.comma = form.between();
  }

  /** All of them, with the white space behind the last one. */
  Expression all() {
    Expression more = Expression.sequence(comma, others).repeated();
    int first = 0;
    while (first < properties.size() && !properties.get(first).required) {
      first++;
    }
    if (first < properties.size()) {
      Expression before =
          first == 0 ? Expression.EMPTY : Expression.sequence(some(0, first), comma).optional();
      return Expression.sequence(
          before,
          properties.get(first).expression,
          following(first + 1, properties.size()),
          more,
          space);
    }
    List<Expression> ways = new ArrayList<>();
    if (first > 0) {
      ways.add(Expression.sequence(some(0, first), more, space));
    }
    ways.add(Expression.sequence(others, more, space));
    ways.add(Expression.EMPTY);
    return new Expression.Choice(ways);
  }

  /** Those of a range that follow others. */
  private Expression following(int from, int to) {
    List<Expression> parts = new ArrayList<>();
    for (Property property : properties.subList(from, to)) {
      emission.spend(3);
      Expression next = Expression.sequence(comma, property.expression);
      parts.add(property.required ? next : next.optional());
    }
    return new Expression.Sequence(parts);
  }

  /**
   * At least one of a range of properties of which none is required. By halves, so that of many
   * properties each is written only a few times.
   */
  private Expression some(int from, int to) {
    if (to - from == 1) {
      return properties.get(from).expression;
    }
    int middle = (from + to) >>> 1;
    return Expression.choice(
        Expression.sequence(some(from, middle), following(middle, to)), some(middle, to));
  }

  /**
   * As {@link #all}, with a rule for each place and each number of properties before it. Beyond
   * what is asked at least they are not counted, unless there is a bound.
   */
  Expression counted(ObjectFacts facts) {
    Counts counts = facts.counts();
    if (counts.isEmpty()) {
      return Expression.NOTHING;
    }
    boolean bounded = counts.isBounded();
    int most = Math.min(properties.size(), bounded ? counts.max() : counts.min());
    List<Expression> behind = new ArrayList<>();
    for (int count = 0; count <= most; count++) {
      behind.add(
          count < facts.required().size() && count < most ? Expression.NOTHING : end(facts, count));
    }
    for (Property property : properties.reversed()) {
      List<Expression> here = new ArrayList<>();
      for (int count = 0; count <= most; count++) {
        emission.spend(6);
        List<Expression> ways = new ArrayList<>();
        if (count < most || !bounded) {
          Expression next = behind.get(Math.min(count + 1, most));
          Expression before = count == 0 ? Expression.EMPTY : comma;
          ways.add(Expression.sequence(before, property.expression, next));
        }
        if (!property.required) {
          ways.add(behind.get(count));
        }
        here.add(emission.rule("properties", new Expression.Choice(ways)));
      }
      behind = here;
    }
    return behind.getFirst();
  }

  /** Others behind the declared ones, of which there were so many. */
  private Expression end(ObjectFacts facts, int count) {
    Counts counts = facts.counts();
    int min = Math.max(0, counts.min() - count);
    int max = counts.isBounded() ? counts.max() - count : counts.max();
    boolean closed = others.equals(Expression.NOTHING);
    if (min > 1 && !closed && !emission.expansion().options().lenient()) {
      throw Refusal.unsupported(
          facts.pointer("minProperties"),
          "minProperties cannot be held where two names that are not declared may be the same.");
    }
    if (closed) {
      return min > 0 ? Expression.NOTHING : count == 0 ? Expression.EMPTY : space;
    }
    Expression more = Expression.sequence(comma, others);
    if (count > 0) {
      return Expression.sequence(new Expression.Repeat(more, min, max), space);
    }
    if (max == 0) {
      return Expression.EMPTY;
    }
    int rest = max == Integer.MAX_VALUE ? max : max - 1;
    Expression some =
        Expression.sequence(others, new Expression.Repeat(more, Math.max(0, min - 1), rest), space);
    return min == 0 ? Expression.choice(some, Expression.EMPTY) : some;
  }
}
