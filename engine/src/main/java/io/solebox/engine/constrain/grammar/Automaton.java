package io.solebox.engine.constrain.grammar;

import io.solebox.engine.regex.CodePointSet;
import java.util.List;

/**
 * A finite automaton over characters, deterministic or not: it begins in the first state.
 * Immutable.
 */
public record Automaton(List<State> states) {
  /**
   * @param accepting whether a text may end here
   */
  public record State(boolean accepting, List<Edge> edges) {
    public State {
      edges = List.copyOf(edges);
    }
  }

  /**
   * @param to index of the state that any of the characters leads to
   */
  public record Edge(CodePointSet on, int to) {}

  public Automaton {
    states = List.copyOf(states);
  }
}
