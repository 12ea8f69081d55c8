package io.solebox.schema;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Texts of a grammar at random. What it costs to end is known of each rule, so that a walk that has
 * become long takes the shortest way out.
 */
final class GrammarWalk {
  private static final int NEVER = 1_000_000;

  /** Characters after which a walk hurries. */
  private static final int ENOUGH = 300;

  private final Grammar grammar;
  private final Random random;
  private final Map<String, Integer> costs = new HashMap<>();
  private final IdentityHashMap<Automaton, int[]> distances = new IdentityHashMap<>();
  private final StringBuilder text = new StringBuilder();

  GrammarWalk(Grammar grammar, Random random) {
    this.grammar = grammar;
    this.random = random;
    grammar.rules().keySet().forEach(name -> costs.put(name, NEVER));
    for (boolean changed = true; changed; ) {
      changed = false;
      for (Map.Entry<String, Expression> rule : grammar.rules().entrySet()) {
        int cost = cost(rule.getValue());
        changed |= cost < costs.put(rule.getKey(), cost);
      }
    }
  }

  String text() {
    text.setLength(0);
    write(new Expression.Call(grammar.root()), 0);
    return text.toString();
  }

  private int cost(Expression expression) {
    return switch (expression) {
      case Expression.Text(String literal) -> literal.length();
      case Expression.Characters _, Expression.Tokens _ -> 1;
      case Expression.Sequence(List<Expression> parts) -> sum(parts);
      case Expression.Choice(List<Expression> options) ->
          options.stream().mapToInt(this::cost).min().orElse(NEVER);
      case Expression.Repeat repeat ->
          (int) Math.min(NEVER, (long) repeat.min() * cost(repeat.body()));
      case Expression.Call(String rule) -> costs.get(rule) == NEVER ? NEVER : costs.get(rule) + 1;
      case Expression.Regular(Automaton automaton) -> distances(automaton)[0];
    };
  }

  private int sum(List<Expression> parts) {
    int sum = 0;
    for (Expression part : parts) {
      sum = Math.min(NEVER, sum + cost(part));
    }
    return sum;
  }

  /** Characters from each state to the nearest end. */
  private int[] distances(Automaton automaton) {
    return distances.computeIfAbsent(
        automaton,
        _ -> {
          int[] all = new int[automaton.states().size()];
          Arrays.fill(all, NEVER);
          for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = all.length - 1; i >= 0; i--) {
              Automaton.State state = automaton.states().get(i);
              int best = state.accepting() ? 0 : NEVER;
              for (Automaton.Edge edge : state.edges()) {
                best = Math.min(best, all[edge.to()] + 1);
              }
              changed |= best < all[i];
              all[i] = Math.min(best, all[i]);
            }
          }
          return all;
        });
  }

  private boolean hurry(int depth) {
    return text.length() > ENOUGH || depth > 60;
  }

  private void write(Expression expression, int depth) {
    switch (expression) {
      case Expression.Text(String literal) -> text.append(literal);
      case Expression.Characters characters -> character(characters.set().bounds());
      case Expression.Sequence(List<Expression> parts) ->
          parts.forEach(part -> write(part, depth + 1));
      case Expression.Choice(List<Expression> options) -> {
        Expression cheapest = options.getFirst();
        for (Expression option : options) {
          cheapest = cost(option) < cost(cheapest) ? option : cheapest;
        }
        Expression any = options.get(random.nextInt(options.size()));
        write(hurry(depth) || cost(any) >= NEVER ? cheapest : any, depth + 1);
      }
      case Expression.Repeat repeat -> {
        int more = Math.min(repeat.max() - repeat.min(), hurry(depth) ? 0 : random.nextInt(4));
        for (int i = 0; i < repeat.min() + more; i++) {
          write(repeat.body(), depth + 1);
        }
      }
      case Expression.Call(String rule) -> write(grammar.rules().get(rule), depth + 1);
      case Expression.Regular(Automaton automaton) -> regular(automaton, depth);
      case Expression.Tokens _ -> throw new AssertionError("no tokens in a schema");
    }
  }

  private void regular(Automaton automaton, int depth) {
    int[] distances = distances(automaton);
    int patience = hurry(depth) ? 0 : random.nextInt(30);
    int state = 0;
    while (true) {
      Automaton.State here = automaton.states().get(state);
      boolean may = here.accepting();
      if (may && (patience <= 0 || here.edges().isEmpty() || random.nextInt(8) == 0)) {
        return;
      }
      Automaton.Edge edge = here.edges().get(random.nextInt(here.edges().size()));
      if (patience-- <= 0) {
        for (Automaton.Edge other : here.edges()) {
          edge = distances[other.to()] < distances[edge.to()] ? other : edge;
        }
      }
      character(edge.on().bounds());
      state = edge.to();
    }
  }

  private void character(int[] bounds) {
    int range = 2 * random.nextInt(bounds.length / 2);
    int span = bounds[range + 1] - bounds[range];
    text.appendCodePoint(bounds[range] + random.nextInt(Math.min(span, 60)));
  }
}
