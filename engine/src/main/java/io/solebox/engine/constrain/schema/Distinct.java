package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.schema.Alternative.Listed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Arrays in which no two items are equal, where the items are few known values: a rule for each set
 * of values that are used up.
 */
final class Distinct {
  /** Rules double with each. */
  private static final int MAX_VALUES = 10;

  private final Emission emission;
  private final ArrayFacts facts;
  private final Optional<List<Object>> values;

  Distinct(Emission emission, ArrayFacts facts) {
    this.emission = emission;
    this.facts = facts;
    this.values = facts.prefix() == 0 ? values() : Optional.empty();
  }

  /** Whether it can be held; refused if not, unless the reading is lenient. */
  boolean isPossible() {
    boolean few =
        values.isPresent() && values.get().size() <= MAX_VALUES && facts.containing().isEmpty();
    if (!few && !emission.expansion().options().lenient()) {
      throw Refusal.of(
          facts.unique().orElseThrow().pointer("uniqueItems"),
          "uniqueItems can be held only where the items are of an enum of at most %d values."
              .formatted(MAX_VALUES),
          "Leave it out and drop what comes twice, or list the values in an enum.");
    }
    return few;
  }

  /** All that an item can be; empty if that is not known. */
  private Optional<List<Object>> values() {
    Map<Object, Object> all = new LinkedHashMap<>();
    for (Alternative alternative : emission.expansion().of(facts.goal(0))) {
      List<Object> some = new ArrayList<>();
      List<Listed> listed = alternative.listed();
      if (!listed.isEmpty()) {
        some.addAll(Scalars.of(alternative).allowed().orElseThrow());
      } else if (Set.of(Kind.NULL, Kind.BOOLEAN).containsAll(alternative.kinds())) {
        if (alternative.kinds().contains(Kind.NULL)) {
          some.add(null);
        }
        if (alternative.kinds().contains(Kind.BOOLEAN)) {
          some.addAll(List.of(true, false));
        }
      } else {
        return Optional.empty();
      }
      some.forEach(value -> all.putIfAbsent(Scalars.key(value), value));
    }
    return Optional.of(new ArrayList<>(all.values()));
  }

  /** Up to the bracket, with the white space in front of it. */
  Expression items(Expression space, Expression comma) {
    List<Expression> items = new ArrayList<>();
    Schema schema = facts.unique().orElseThrow();
    for (Object value : values.orElseThrow()) {
      Map<String, Object> constant = new LinkedHashMap<>();
      constant.put("const", value); // perhaps null
      Set<Claim> goal = new LinkedHashSet<>(facts.goal(0));
      goal.add(
          Claim.holds(schema.inner(schema.pointer("uniqueItems") + "/" + items.size(), constant)));
      items.add(emission.value(goal));
    }
    int sets = 1 << items.size();
    Expression[] following = new Expression[sets];
    for (int used = sets - 1; used >= 0; used--) {
      int count = Integer.bitCount(used);
      List<Expression> ways = new ArrayList<>();
      for (int i = 0; i < items.size() && count < facts.counts().max(); i++) {
        if ((used >> i & 1) == 0) {
          Expression next = following[used | 1 << i];
          ways.add(
              count == 0
                  ? Expression.sequence(items.get(i), next)
                  : Expression.sequence(comma, items.get(i), next));
        }
      }
      if (count >= facts.counts().min()) {
        ways.add(count == 0 ? Expression.EMPTY : space);
      }
      emission.spend(4 * ways.size());
      Expression all = new Expression.Choice(ways);
      following[used] = used == 0 ? all : emission.rule("items left", all);
    }
    return following[0];
  }
}
