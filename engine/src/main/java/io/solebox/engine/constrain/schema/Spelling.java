package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Automaton.Edge;
import io.solebox.engine.constrain.grammar.Automaton.State;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How strings are spelled between the quotes of JSON: characters as they are, short escapes, and
 * {@code \}{@code uXXXX}, with a pair of them beyond the first plane. Never half a pair. Owns the
 * automaton in the making.
 */
final class Spelling {
  private static final CodePointSet QUOTE_AND_BACKSLASH =
      CodePointSet.of('"').union(CodePointSet.of('\\'));
  private static final CodePointSet CONTROLS = CodePointSet.range(0, 0x1f);
  private static final CodePointSet SURROGATES = CodePointSet.range(0xd800, 0xdfff);
  private static final CodePointSet RAW =
      QUOTE_AND_BACKSLASH.union(CONTROLS).union(SURROGATES).complement();
  private static final CodePointSet USUALLY_ESCAPED =
      CONTROLS.union(CodePointSet.range(0, 0x7f).complement());

  /** A set of more ranges beyond ASCII is spelled as it is only: its escapes would be too many. */
  private static final int MAX_RANGES = 64;

  private static final int STATE_WEIGHT = 32;
  private static final int EDGE_WEIGHT = 16;

  private static final String SHORT = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";

  private final boolean every;
  private final Budget budget;
  private final List<List<Edge>> edges = new ArrayList<>();
  private final List<Boolean> accepting = new ArrayList<>();
  private final Map<List<Edge>, Integer> shared = new LinkedHashMap<>();

  /** First digits by what they are to stand for; most states have the same characters. */
  private final Map<List<Edge>, List<Edge>> numbers = new HashMap<>();

  private Spelling(boolean every, Budget budget) {
    this.every = every;
    this.budget = budget;
  }

  /**
   * @param every whether any character may be escaped; if not, those that JSON's writers escape:
   *     quotes, backslashes, control characters, and what is not ASCII
   */
  static Automaton of(Automaton strings, boolean every, Budget budget) {
    Spelling spelling = new Spelling(every, budget);
    for (State state : strings.states()) {
      spelling.edges.add(new ArrayList<>());
      spelling.accepting.add(state.accepting());
    }
    for (int i = 0; i < strings.states().size(); i++) {
      spelling.spell(i, strings.states().get(i).edges());
    }
    List<State> states = new ArrayList<>();
    for (int i = 0; i < spelling.edges.size(); i++) {
      states.add(new State(spelling.accepting.get(i), spelling.edges.get(i)));
    }
    return new Automaton(states);
  }

  private void spell(int from, List<Edge> characters) {
    List<Edge> escaped = new ArrayList<>();
    budget.spend(STATE_WEIGHT);
    for (Edge edge : characters) {
      budget.spend(EDGE_WEIGHT + edge.on().bounds().length);
      CodePointSet raw = edge.on().intersection(RAW);
      if (!raw.isEmpty()) {
        edges.get(from).add(new Edge(raw, edge.to()));
      }
      for (int i = 0; i < SHORT.length(); i++) {
        if (edge.on().contains(MEANT.charAt(i))) {
          escaped.add(new Edge(CodePointSet.of(SHORT.charAt(i)), edge.to()));
        }
      }
    }
    List<Edge> escapable = escapable(characters);
    List<Edge> numbered =
        numbers.computeIfAbsent(escapable, set -> new Escapes(this::state, set).digits());
    if (!numbered.isEmpty()) {
      escaped.add(new Edge(CodePointSet.of('u'), state(numbered)));
    }
    if (!escaped.isEmpty()) {
      edges.get(from).add(new Edge(CodePointSet.of('\\'), state(escaped)));
    }
  }

  private List<Edge> escapable(List<Edge> characters) {
    List<Edge> some = new ArrayList<>();
    for (Edge edge : characters) {
      CodePointSet set = every ? edge.on() : edge.on().intersection(USUALLY_ESCAPED);
      if (!set.isEmpty() && set.bounds().length <= 2 * MAX_RANGES) {
        some.add(new Edge(set, edge.to()));
      }
    }
    return some;
  }

  /** States with the same edges are one. */
  private int state(List<Edge> out) {
    budget.spend(STATE_WEIGHT + EDGE_WEIGHT * out.size());
    Integer known = shared.putIfAbsent(out, edges.size());
    if (known != null) {
      return known;
    }
    edges.add(out);
    accepting.add(false);
    return edges.size() - 1;
  }
}
