package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a rule for each set of schemas that one value has to follow. Sets are worked off from a
 * queue, so that schemas may refer to each other in circles and as deeply as they like.
 */
final class Emission {
  private static final int MAX_RULES = 20_000;
  private static final int MAX_PARTS = 500_000;

  private final Expansion expansion;
  private final StringLanguages languages;
  private final ScalarExpressions scalars;
  private final Map<String, Expression> rules = new LinkedHashMap<>();
  private final Map<Set<Claim>, String> names = new HashMap<>();
  private final Deque<Set<Claim>> queue = new ArrayDeque<>();
  private int parts;

  Emission(Document document, SchemaOptions options) {
    this.expansion = new Expansion(document, options);
    this.languages = new StringLanguages(options);
    this.scalars = new ScalarExpressions(this, languages);
  }

  /** The grammar of all values for which the root holds. */
  Grammar grammar(Schema root) {
    value(root.isTrue() ? Set.of() : Set.of(Claim.holds(root)));
    String name = names.values().iterator().next();
    while (!queue.isEmpty()) {
      Set<Claim> goal = queue.removeFirst();
      rules.put(names.get(goal), body(goal));
    }
    return new Grammar(name, rules);
  }

  /** A value for which all of the claims hold. */
  Expression value(Set<Claim> goal) {
    String name = names.get(goal);
    if (name == null) {
      name = unused(goal.isEmpty() ? "any" : goal.iterator().next().schema().pointer());
      names.put(goal, name);
      rules.put(name, Expression.NOTHING);
      queue.add(goal);
      checkSize(name);
    }
    return new Expression.Call(name);
  }

  private String unused(String wanted) {
    String name = wanted;
    for (int i = 2; rules.containsKey(name); i++) {
      name = wanted + " " + i;
    }
    return name;
  }

  /** A rule of its own for what is used in many places. */
  Expression rule(String name, Expression body) {
    String unused = unused(name);
    rules.put(unused, body);
    checkSize(name);
    return new Expression.Call(unused);
  }

  private void checkSize(String pointer) {
    if (rules.size() > MAX_RULES) {
      throw Refusal.tooMuch(pointer, "The schema takes more than %d rules.".formatted(MAX_RULES));
    }
  }

  /** Counts what is written, so that a small schema does not become an enormous grammar. */
  void spend(int more, String pointer) {
    parts += more;
    if (parts > MAX_PARTS) {
      throw Refusal.tooMuch(pointer, "The schema takes more than %d parts.".formatted(MAX_PARTS));
    }
  }

  ScalarExpressions scalars() {
    return scalars;
  }

  StringLanguages languages() {
    return languages;
  }

  Expansion expansion() {
    return expansion;
  }

  private Expression body(Set<Claim> goal) {
    String pointer = goal.isEmpty() ? "#" : goal.iterator().next().schema().pointer();
    List<Expression> options = new ArrayList<>();
    for (Alternative alternative : expansion.of(goal)) {
      spend(1 + alternative.atoms().size(), pointer);
      options.addAll(scalars.of(alternative, pointer));
      if (alternative.kinds().contains(Kind.ARRAY)) {
        options.add(new ArrayExpressions(this, alternative, pointer).array());
      }
      if (alternative.kinds().contains(Kind.OBJECT)) {
        options.add(new ObjectExpressions(this, alternative, pointer).object());
      }
    }
    List<Expression> distinct = options.stream().distinct().toList();
    return distinct.size() == 1 ? distinct.getFirst() : new Expression.Choice(distinct);
  }
}
