package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Automaton.Edge;
import io.solebox.engine.constrain.grammar.Automaton.State;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.List;

/** How strings are spelled between the single quotes of Python. */
final class SingleQuotes {
  private static final String ESCAPES = "'\\nrt";
  private static final String MEANT = "'\\\n\r\t";
  private static final CodePointSet PLAIN =
      CodePointSet.of('\'').union(CodePointSet.of('\\')).complement();

  private SingleQuotes() {}

  /** The same strings, with a state more for each in which something may be escaped. */
  static Automaton of(Automaton strings) {
    List<State> states = new ArrayList<>(strings.states());
    for (int i = 0; i < strings.states().size(); i++) {
      List<Edge> plain = new ArrayList<>();
      List<Edge> escaped = new ArrayList<>();
      for (Edge edge : strings.states().get(i).edges()) {
        CodePointSet own = edge.on().intersection(PLAIN);
        if (!own.isEmpty()) {
          plain.add(new Edge(own, edge.to()));
        }
        for (int c = 0; c < MEANT.length(); c++) {
          if (edge.on().contains(MEANT.charAt(c))) {
            escaped.add(new Edge(CodePointSet.of(ESCAPES.charAt(c)), edge.to()));
          }
        }
      }
      if (!escaped.isEmpty()) {
        plain.add(new Edge(CodePointSet.of('\\'), states.size()));
        states.add(new State(false, escaped));
      }
      states.set(i, new State(strings.states().get(i).accepting(), plain));
    }
    return new Automaton(states);
  }
}
