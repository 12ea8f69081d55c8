package io.solebox.engine.constrain.structure;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Automaton.Edge;
import io.solebox.engine.constrain.grammar.Automaton.State;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts of an automaton as they stand inside of a JSON string: with the short escapes of JSON
 * where there is one, as {@code \\u00xx} with small letters for other controls, and as themselves
 * wherever that is allowed. It has a few states more for each state that escapes lead to.
 */
final class QuotedAutomaton {
  /** What stands behind a backslash, by what it means. */
  private static final Map<Integer, Character> SHORT =
      Map.of(
          (int) '"', '"',
          (int) '\\', '\\',
          (int) '\n', 'n',
          (int) '\t', 't',
          (int) '\r', 'r',
          (int) '\b', 'b',
          (int) '\f', 'f');

  /** What cannot stand for itself. */
  private static final CodePointSet ESCAPED =
      CodePointSet.range(0, ' ' - 1).union(CodePointSet.of('"')).union(CodePointSet.of('\\'));

  private final List<List<Edge>> edges = new ArrayList<>(); // those of the automaton first
  private final Map<Edge, Integer> behindBackslash = new HashMap<>();

  private QuotedAutomaton() {}

  /** Whether all characters of a set stand for themselves. */
  static boolean isPlain(CodePointSet set) {
    return set.intersection(ESCAPED).isEmpty();
  }

  static Automaton of(Automaton automaton) {
    QuotedAutomaton quoted = new QuotedAutomaton();
    automaton.states().forEach(_ -> quoted.edges.add(new ArrayList<>()));
    for (int from = 0; from < automaton.states().size(); from++) {
      for (Edge edge : automaton.states().get(from).edges()) {
        quoted.add(from, edge);
      }
    }
    List<State> states = new ArrayList<>();
    for (int i = 0; i < quoted.edges.size(); i++) {
      boolean accepting = i < automaton.states().size() && automaton.states().get(i).accepting();
      states.add(new State(accepting, quoted.edges.get(i)));
    }
    return new Automaton(states);
  }

  private void add(int from, Edge edge) {
    CodePointSet plain = edge.on().minus(ESCAPED);
    if (!plain.isEmpty()) {
      link(from, plain, edge.to());
    }
    CodePointSet escaped = edge.on().intersection(ESCAPED);
    if (!escaped.isEmpty()) {
      link(from, CodePointSet.of('\\'), escapes(new Edge(escaped, edge.to())));
    }
  }

  private void link(int from, CodePointSet on, int to) {
    edges.get(from).add(new Edge(on, to));
  }

  private int state() {
    edges.add(new ArrayList<>());
    return edges.size() - 1;
  }

  /** The state behind the backslash of characters that lead somewhere. */
  private int escapes(Edge meant) {
    Integer known = behindBackslash.get(meant);
    if (known != null) {
      return known;
    }
    int state = state();
    behindBackslash.put(meant, state);
    CodePointSet letters = CodePointSet.NONE;
    CodePointSet numbered = meant.on();
    for (var pair : SHORT.entrySet()) {
      if (meant.on().contains(pair.getKey())) {
        letters = letters.union(CodePointSet.of(pair.getValue()));
        numbered = numbered.minus(CodePointSet.of(pair.getKey()));
      }
    }
    if (!letters.isEmpty()) {
      link(state, letters, meant.to());
    }
    if (!numbered.isEmpty()) {
      numbers(state, numbered, meant.to());
    }
    return state;
  }

  /** {@code u00} and two digits, of controls. */
  private void numbers(int from, CodePointSet controls, int to) {
    int digits = from;
    for (char c : "u00".toCharArray()) {
      int next = state();
      link(digits, CodePointSet.of(c), next);
      digits = next;
    }
    for (int high = 0; high < 2; high++) {
      CodePointSet lows = CodePointSet.NONE;
      for (int low = 0; low < 16; low++) {
        if (controls.contains(16 * high + low)) {
          lows = lows.union(CodePointSet.of(Character.forDigit(low, 16)));
        }
      }
      if (!lows.isEmpty()) {
        int last = state();
        link(digits, CodePointSet.of('0' + high), last);
        link(last, lows, to);
      }
    }
  }
}
