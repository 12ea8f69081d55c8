package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.Budget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of a grammar what no text comes of, so that no answer begins what it cannot end; makes
 * one rule of those that say the same; and leaves out what the root does not need.
 */
final class Simplification {
  private final Map<String, Expression> rules;
  private final Budget budget;
  private final Set<String> productive = new HashSet<>();

  /** By rule, those that call it. */
  private final Map<String, Set<String>> callers = new HashMap<>();

  /** By rule, another that says the same; for rules that are no longer there. */
  private final Map<String, String> instead = new HashMap<>();

  private Simplification(Grammar grammar, Budget budget) {
    this.rules = new LinkedHashMap<>(grammar.rules());
    this.budget = budget;
    for (Map.Entry<String, Expression> rule : rules.entrySet()) {
      for (String called : calls(rule.getValue())) {
        callers.computeIfAbsent(called, _ -> new HashSet<>()).add(rule.getKey());
      }
    }
  }

  /** Rules that are to be looked at, each once however often it is added meanwhile. */
  private static final class Worklist {
    private final Set<String> waiting;
    private final Deque<String> queue;

    /** From the end, because rules call later ones more often than earlier ones. */
    Worklist(Collection<String> names) {
      this.waiting = new HashSet<>(names);
      this.queue = new ArrayDeque<>(new ArrayList<>(names).reversed());
    }

    boolean hasNext() {
      return !queue.isEmpty();
    }

    String next() {
      String name = queue.removeFirst();
      waiting.remove(name);
      return name;
    }

    void addAll(Collection<String> names) {
      names.stream().filter(waiting::add).forEach(queue::add);
    }
  }

  /** Without the root if no text is left. */
  static Grammar of(Grammar grammar, Budget budget) {
    Simplification simplification = new Simplification(grammar, budget);
    simplification.findProductive();
    simplification.prune();
    simplification.merge();
    String root = simplification.last(grammar.root());
    return new Grammar(root, simplification.reachable(root));
  }

  /** A rule is looked at again when one that it calls has become productive. */
  private void findProductive() {
    Worklist open = new Worklist(rules.keySet());
    while (open.hasNext()) {
      String name = open.next();
      if (!productive.contains(name) && isProductive(rules.get(name))) {
        productive.add(name);
        open.addAll(callers(name));
      }
    }
  }

  private Set<String> callers(String name) {
    return callers.getOrDefault(name, Set.of());
  }

  private boolean isProductive(Expression expression) {
    budget.spend(1);
    return switch (expression) {
      case Expression.Text _, Expression.Tokens _ -> true;
      case Expression.Characters characters -> !characters.set().isEmpty();
      case Expression.Sequence(List<Expression> parts) ->
          parts.stream().allMatch(this::isProductive);
      case Expression.Choice(List<Expression> options) ->
          options.stream().anyMatch(this::isProductive);
      case Expression.Repeat repeat -> repeat.min() == 0 || isProductive(repeat.body());
      case Expression.Call(String rule) -> productive.contains(rule);
      case Expression.Regular(Automaton automaton) ->
          automaton.states().stream().anyMatch(Automaton.State::accepting);
    };
  }

  private void prune() {
    rules.keySet().retainAll(productive);
    rules.replaceAll((_, body) -> pruned(body));
  }

  /** Of what is productive. */
  private Expression pruned(Expression expression) {
    return switch (expression) {
      case Expression.Sequence(List<Expression> parts) -> sequence(parts);
      case Expression.Choice(List<Expression> options) -> choice(options);
      case Expression.Repeat(Expression body, int min, int max) -> {
        if (!isProductive(body)) {
          yield Expression.EMPTY;
        }
        Expression inner = pruned(body);
        yield inner.equals(Expression.EMPTY) ? inner : new Expression.Repeat(inner, min, max);
      }
      case Expression.Text _,
          Expression.Tokens _,
          Expression.Characters _,
          Expression.Call _,
          Expression.Regular _ ->
          expression;
    };
  }

  private Expression sequence(List<Expression> parts) {
    List<Expression> out = new ArrayList<>();
    for (Expression part : parts) {
      Expression inner = pruned(part);
      if (inner instanceof Expression.Sequence(List<Expression> nested)) {
        out.addAll(nested);
      } else {
        out.add(inner);
      }
    }
    return out.size() == 1 ? out.getFirst() : new Expression.Sequence(out);
  }

  private Expression choice(List<Expression> options) {
    List<Expression> out = new ArrayList<>();
    for (Expression option : options) {
      if (isProductive(option)) {
        Expression inner = pruned(option);
        if (inner instanceof Expression.Choice(List<Expression> nested)) {
          out.addAll(nested);
        } else {
          out.add(inner);
        }
      }
    }
    return out.size() == 1 ? out.getFirst() : new Expression.Choice(out);
  }

  /**
   * Calls of a rule that only calls another, or that says the same as one that was seen before,
   * become calls of that one. A rule is looked at again when one that it calls has been replaced.
   */
  private void merge() {
    Map<Expression, String> seen = new HashMap<>();
    Worklist open = new Worklist(rules.keySet());
    while (open.hasNext()) {
      String name = open.next();
      if (!rules.containsKey(name)) {
        continue;
      }
      Expression body = renamed(rules.get(name));
      rules.put(name, body);
      String same =
          body instanceof Expression.Call(String other) ? other : seen.putIfAbsent(body, name);
      if (same != null && !last(same).equals(name)) {
        rules.remove(name);
        instead.put(name, last(same));
        open.addAll(callers(name));
        callers.computeIfAbsent(last(same), _ -> new HashSet<>()).addAll(callers(name));
        budget.spend(callers(name).size());
      }
    }
  }

  /** What a rule was replaced by in the end. */
  private String last(String name) {
    String end = name;
    while (instead.containsKey(end)) {
      end = instead.get(end);
    }
    for (String at = name; !at.equals(end); ) {
      at = instead.put(at, end);
    }
    return end;
  }

  private Expression renamed(Expression expression) {
    budget.spend(1);
    return switch (expression) {
      case Expression.Call(String rule) ->
          instead.containsKey(rule) ? new Expression.Call(last(rule)) : expression;
      case Expression.Sequence(List<Expression> parts) ->
          new Expression.Sequence(parts.stream().map(this::renamed).toList());
      case Expression.Choice(List<Expression> options) ->
          new Expression.Choice(options.stream().map(this::renamed).toList());
      case Expression.Repeat(Expression inner, int min, int max) ->
          new Expression.Repeat(renamed(inner), min, max);
      case Expression.Text _, Expression.Tokens _, Expression.Characters _, Expression.Regular _ ->
          expression;
    };
  }

  private Map<String, Expression> reachable(String root) {
    Map<String, Expression> all = new LinkedHashMap<>();
    Deque<String> queue = new ArrayDeque<>(List.of(root));
    while (!queue.isEmpty()) {
      String name = queue.removeFirst();
      if (rules.containsKey(name) && !all.containsKey(name)) {
        all.put(name, rules.get(name));
        queue.addAll(calls(rules.get(name)));
      }
    }
    return all;
  }

  private List<String> calls(Expression expression) {
    List<String> all = new ArrayList<>();
    collectCalls(expression, all);
    budget.spend(all.size());
    return all;
  }

  private static void collectCalls(Expression expression, List<String> out) {
    switch (expression) {
      case Expression.Call(String rule) -> out.add(rule);
      case Expression.Sequence(List<Expression> parts) ->
          parts.forEach(part -> collectCalls(part, out));
      case Expression.Choice(List<Expression> options) ->
          options.forEach(option -> collectCalls(option, out));
      case Expression.Repeat repeat -> collectCalls(repeat.body(), out);
      case Expression.Text _,
          Expression.Tokens _,
          Expression.Characters _,
          Expression.Regular _ -> {
        // call nothing
      }
    }
  }
}
