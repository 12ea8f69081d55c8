package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.grammar.Automaton;
import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Expression.Call;
import io.solebox.engine.constrain.grammar.Expression.Characters;
import io.solebox.engine.constrain.grammar.Expression.Choice;
import io.solebox.engine.constrain.grammar.Expression.Regular;
import io.solebox.engine.constrain.grammar.Expression.Repeat;
import io.solebox.engine.constrain.grammar.Expression.Sequence;
import io.solebox.engine.constrain.grammar.Expression.Text;
import io.solebox.engine.constrain.grammar.Expression.Tokens;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.regex.CodePointSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes a network of a grammar that was checked. Owned by one thread. */
final class NetworkBuilder {
  /** A network of more is refused: each state takes some 60 bytes. */
  private static final int MAX_STATES = 1_000_000;

  /**
   * What is repeated is written out up to so many states, and counted beyond, as is what has rules
   * of its own: between two texts of a rule a count says more than the place of a copy.
   */
  private static final int MAX_WRITTEN_OUT = 64;

  private final GrammarChecks checks;
  private final List<List<Arc>> arcs = new ArrayList<>();
  private final BitSet ends = new BitSet();
  private final Map<String, Integer> starts = new HashMap<>();

  /** States with one arc, for the last bytes of characters. */
  private final Map<Arc.Bytes, Integer> tails = new HashMap<>();

  private NetworkBuilder(GrammarChecks checks) {
    this.checks = checks;
  }

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR}
   */
  static Network build(Grammar grammar) {
    GrammarChecks checks = GrammarChecks.of(grammar);
    NetworkBuilder builder = new NetworkBuilder(checks);
    grammar.rules().keySet().forEach(name -> builder.starts.put(name, builder.state()));
    grammar.rules().forEach((name, body) -> builder.rule(builder.starts.get(name), body));
    int start = builder.starts.get(grammar.root());
    if (!DeadEnds.cut(builder.arcs, builder.ends).get(start)) {
      throw GrammarChecks.bad(
          "No text satisfies the grammar",
          "Look for rules that contain themselves without an end.");
    }
    return new Network(builder.arcs, builder.ends, start);
  }

  private int state() {
    if (arcs.size() == MAX_STATES) {
      throw GrammarChecks.bad(
          "The grammar needs more than " + MAX_STATES + " states",
          "Make it smaller, or repeat less in it.");
    }
    arcs.add(new ArrayList<>(2));
    return arcs.size() - 1;
  }

  private void add(int from, Arc arc) {
    arcs.get(from).add(arc);
  }

  private void rule(int start, Expression body) {
    int end = state();
    ends.set(end);
    add(body, start, end);
  }

  private void add(Expression expression, int from, int to) {
    switch (expression) {
      case Text(String text) -> addText(text.getBytes(StandardCharsets.UTF_8), from, to);
      case Characters(CodePointSet set) -> addCharacters(set, from, to);
      case Sequence(List<Expression> parts) -> addSequence(parts, from, to);
      case Choice(List<Expression> options) -> options.forEach(option -> add(option, from, to));
      case Repeat repeat -> addRepeat(repeat, from, to);
      case Call(String rule) -> addCall(rule, from, to);
      case Regular(Automaton automaton) -> addAutomaton(automaton, from, to);
      case Tokens tokens -> add(from, new Arc.Say(tokens, to));
    }
  }

  /**
   * Small rules without a loop are parts of those that use them: what belongs to one loop is then
   * one automaton. Others are shared by all that use them.
   */
  private void addCall(String rule, int from, int to) {
    if (checks.isInline(rule)) {
      add(checks.body(rule), from, to);
    } else {
      add(from, new Arc.Enter(starts.get(rule), to));
    }
  }

  private void addText(byte[] text, int from, int to) {
    int at = from;
    for (int i = 0; i < text.length; i++) {
      int next = i == text.length - 1 ? to : state();
      add(at, new Arc.Bytes(text[i] & 0xff, text[i] & 0xff, next));
      at = next;
    }
    if (text.length == 0) {
      add(from, new Arc.Free(to));
    }
  }

  private void addSequence(List<Expression> parts, int from, int to) {
    int at = from;
    for (int i = 0; i < parts.size(); i++) {
      int next = i == parts.size() - 1 ? to : state();
      add(parts.get(i), at, next);
      at = next;
    }
    if (parts.isEmpty()) {
      add(from, new Arc.Free(to));
    }
  }

  private void addCharacters(CodePointSet set, int from, int to) {
    Utf8Ranges.of(
        set,
        bytes -> {
          int at = to;
          for (int i = bytes.low().length - 1; i > 0; i--) {
            at =
                tails.computeIfAbsent(
                    new Arc.Bytes(bytes.low()[i], bytes.high()[i], at), this::tail);
          }
          add(from, new Arc.Bytes(bytes.low()[0], bytes.high()[0], at));
        });
  }

  private int tail(Arc.Bytes arc) {
    int state = state();
    add(state, arc);
    return state;
  }

  private void addAutomaton(Automaton automaton, int from, int to) {
    int first = arcs.size();
    automaton.states().forEach(_ -> state());
    add(from, new Arc.Free(first));
    for (int i = 0; i < automaton.states().size(); i++) {
      Automaton.State state = automaton.states().get(i);
      for (Automaton.Edge edge : state.edges()) {
        addCharacters(edge.on(), first + i, first + edge.to());
      }
      if (state.accepting()) {
        add(first + i, new Arc.Free(to));
      }
    }
  }

  private void addRepeat(Repeat repeat, int from, int to) {
    boolean bounded = repeat.max() != Expression.UNBOUNDED;
    long copies = bounded ? repeat.max() : repeat.min() + 1L;
    if (copies <= 1
        || copies * GrammarChecks.size(repeat.body()) <= MAX_WRITTEN_OUT
            && checks.isFlat(repeat.body())) {
      writeOut(repeat, from, to);
      return;
    }
    int start = state();
    rule(start, repeat.body());
    add(from, new Arc.Loop(start, checks.min(repeat), repeat.max(), to));
  }

  private void writeOut(Repeat repeat, int from, int to) {
    int at = from;
    for (int i = 0; i < repeat.min(); i++) {
      int next = state();
      add(repeat.body(), at, next);
      at = next;
    }
    if (repeat.max() == Expression.UNBOUNDED) {
      int again = state();
      add(at, new Arc.Free(again));
      add(repeat.body(), again, again);
      add(again, new Arc.Free(to));
      return;
    }
    for (int i = repeat.min(); i < repeat.max(); i++) {
      add(at, new Arc.Free(to));
      int next = state();
      add(repeat.body(), at, next);
      at = next;
    }
    add(at, new Arc.Free(to));
  }
}
