package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.regex.RegexException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a rule for each set of schemas that one value has to follow. Sets are worked off from a
 * queue, so that schemas may refer to each other in circles and as deeply as they like.
 */
final class Emission {
  private static final int MAX_RULES = 20_000;

  /** A rule that no schema has the place of. */
  private static final String ARGUMENTS = "arguments";

  /** Of one expression that is written, or of what is looked at for it. */
  private static final int PART_WEIGHT = 64;

  private final Expansion expansion;
  private final StringLanguages languages;

  /** How values are written that are no JSON. */
  private final Optional<CallForm.Literals> literals;

  private final ScalarExpressions scalars;
  private final Map<String, Expression> rules = new LinkedHashMap<>();
  private final Map<Set<Claim>, String> names = new HashMap<>();
  private final Deque<Set<Claim>> queue = new ArrayDeque<>();
  private final Map<String, Integer> sameNames = new HashMap<>();
  private final Budget budget;

  /**
   * @param form of arguments; empty for JSON
   */
  Emission(Document document, SchemaOptions options, Budget budget, Optional<CallForm> form) {
    this.budget = budget;
    this.expansion = new Expansion(document, options, budget);
    this.languages = new StringLanguages(budget, form.flatMap(CallForm::forbidden));
    this.literals =
        form.flatMap(
            other -> other instanceof CallForm.Literals own ? Optional.of(own) : Optional.empty());
    this.scalars = new ScalarExpressions(this, languages, literals);
  }

  /** The grammar of all values for which the root holds. */
  Grammar grammar(Schema root) {
    value(claims(root));
    String name = names.values().iterator().next();
    finish();
    return new Grammar(name, rules);
  }

  /** The same of objects whose members are written as arguments are. */
  Grammar arguments(Schema root, CallForm form) {
    MemberForm members =
        switch (form) {
          case ArgumentForm marked -> new ArgumentMembers(this, marked);
          case CallForm.Literals own -> new LiteralMembers(this, own.assign());
        };
    List<Expression> options = new ArrayList<>();
    for (Alternative alternative : expansion.of(claims(root))) {
      if (alternative.kinds().contains(Kind.OBJECT)) {
        options.add(new ObjectExpressions(this, alternative, members).members());
      }
    }
    rules.put(ARGUMENTS, new Expression.Choice(options));
    finish();
    return new Grammar(ARGUMENTS, rules);
  }

  private static Set<Claim> claims(Schema root) {
    return root.isTrue() ? Set.of() : Set.of(Claim.holds(root));
  }

  private void finish() {
    while (!queue.isEmpty()) {
      Set<Claim> goal = queue.removeFirst();
      rules.put(names.get(goal), rule(goal));
    }
  }

  /** A value for which all of the claims hold. */
  Expression value(Set<Claim> claims) {
    Set<Claim> goal = new LinkedHashSet<>();
    claims.forEach(claim -> goal.add(expansion.target(claim)));
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
    while (rules.containsKey(name)) {
      name = wanted + " " + sameNames.merge(wanted, 1, Integer::sum);
    }
    budget.spend(name.length());
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

  /** Counts expressions, so that a small schema does not become an enormous grammar. */
  void spend(int expressions) {
    budget.spend((long) PART_WEIGHT * expressions);
  }

  Budget budget() {
    return budget;
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

  private Expression rule(Set<Claim> goal) {
    String pointer = goal.isEmpty() ? "#" : goal.iterator().next().schema().pointer();
    try {
      return body(goal, pointer);
    } catch (RegexException e) {
      throw Refusal.tooMuch(
          pointer, "What is asked here cannot be held: %s.".formatted(e.getMessage()));
    }
  }

  private Expression body(Set<Claim> goal, String pointer) {
    List<Expression> options = new ArrayList<>();
    for (Alternative alternative : expansion.of(goal)) {
      budget.spend(PART_WEIGHT * alternative.weight());
      options.addAll(scalars.of(alternative, pointer));
      if (alternative.kinds().contains(Kind.ARRAY)) {
        options.add(new ArrayExpressions(this, alternative, pointer).array());
      }
      if (alternative.kinds().contains(Kind.OBJECT)) {
        options.add(new ObjectExpressions(this, alternative, members()).object());
      }
    }
    List<Expression> distinct = options.stream().distinct().toList();
    return distinct.size() == 1 ? distinct.getFirst() : new Expression.Choice(distinct);
  }

  /** Members of objects that are values: those of Python are as JSON has them. */
  private MemberForm members() {
    return literals.flatMap(CallForm.Literals::mark).isPresent()
        ? new LiteralMembers(this, ":")
        : new JsonMembers(this);
  }
}
