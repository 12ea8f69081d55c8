package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private final Set<String> productive = new HashSet<>();

  private Simplification(Grammar grammar) {
    this.rules = new LinkedHashMap<>(grammar.rules());
  }

  /** Without the root if no text is left. */
  static Grammar of(Grammar grammar) {
    Simplification simplification = new Simplification(grammar);
    simplification.findProductive();
    simplification.prune();
    String root = simplification.merge(grammar.root());
    return new Grammar(root, simplification.reachable(root));
  }

  /** From the end, because rules call later ones more often than earlier ones. */
  private void findProductive() {
    List<String> names = new ArrayList<>(rules.keySet()).reversed();
    int before = -1;
    while (before < productive.size()) {
      before = productive.size();
      for (String name : names) {
        if (!productive.contains(name) && isProductive(rules.get(name))) {
          productive.add(name);
        }
      }
    }
  }

  private boolean isProductive(Expression expression) {
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
   * Calls of a rule that only calls another, or that says the same as an earlier one, become calls
   * of that one, until nothing changes.
   *
   * @return the root's name then
   */
  private String merge(String root) {
    String start = root;
    while (true) {
      Map<Expression, String> first = new HashMap<>();
      Map<String, String> instead = new HashMap<>();
      rules.forEach(
          (name, body) -> {
            if (body instanceof Expression.Call(String other) && !other.equals(name)) {
              instead.put(name, other);
            } else {
              String same = first.putIfAbsent(body, name);
              if (same != null) {
                instead.put(name, same);
              }
            }
          });
      if (instead.isEmpty()) {
        return start;
      }
      instead.keySet().forEach(rules::remove);
      rules.replaceAll((_, body) -> renamed(body, instead));
      start = last(start, instead);
    }
  }

  private static String last(String name, Map<String, String> instead) {
    String at = name;
    while (instead.containsKey(at)) {
      at = instead.get(at);
    }
    return at;
  }

  private static Expression renamed(Expression expression, Map<String, String> instead) {
    return switch (expression) {
      case Expression.Call(String rule) ->
          instead.containsKey(rule) ? new Expression.Call(last(rule, instead)) : expression;
      case Expression.Sequence(List<Expression> parts) ->
          new Expression.Sequence(parts.stream().map(part -> renamed(part, instead)).toList());
      case Expression.Choice(List<Expression> options) ->
          new Expression.Choice(options.stream().map(part -> renamed(part, instead)).toList());
      case Expression.Repeat(Expression body, int min, int max) ->
          new Expression.Repeat(renamed(body, instead), min, max);
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
        calls(rules.get(name), queue);
      }
    }
    return all;
  }

  private static void calls(Expression expression, Deque<String> out) {
    switch (expression) {
      case Expression.Call(String rule) -> out.add(rule);
      case Expression.Sequence(List<Expression> parts) -> parts.forEach(part -> calls(part, out));
      case Expression.Choice(List<Expression> options) ->
          options.forEach(option -> calls(option, out));
      case Expression.Repeat repeat -> calls(repeat.body(), out);
      case Expression.Text _,
          Expression.Tokens _,
          Expression.Characters _,
          Expression.Regular _ -> {
        // call nothing
      }
    }
  }
}
