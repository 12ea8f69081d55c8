package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.grammar.Expression.Tokens;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.error.SoleboxException;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A grammar as a recursive transition network over bytes (W. A. Woods, Transition Network Grammars
 * for Natural Language Analysis, 1970): each rule is an automaton, of which a step may be a whole
 * text of another rule. Every state leads to the end of its rule. Immutable.
 */
public final class Network {
  private final List<List<Arc>> arcs;
  private final BitSet ends;
  private final int start;
  private final byte[] classes;
  private final int numClasses;
  private final Set<Tokens> tokens;

  /**
   * @param arcs of each state
   * @param ends states where a rule may end
   * @param start of the rule for whole texts
   */
  Network(List<List<Arc>> arcs, BitSet ends, int start) {
    this.arcs = arcs.stream().map(List::copyOf).toList();
    this.ends = ends;
    this.start = start;
    this.classes = new byte[256];
    this.tokens = new LinkedHashSet<>();
    BitSet bounds = new BitSet();
    for (List<Arc> ways : arcs) {
      for (Arc arc : ways) {
        switch (arc) {
          case Arc.Bytes(int low, int high, _) -> {
            bounds.set(low);
            bounds.set(high + 1);
          }
          case Arc.Say(Tokens some, _) -> tokens.add(some);
          case Arc.Free _, Arc.Enter _, Arc.Loop _ -> {}
        }
      }
    }
    int count = 0;
    for (int b = 0; b < classes.length; b++) {
      count += b > 0 && bounds.get(b) ? 1 : 0;
      classes[b] = (byte) count;
    }
    this.numClasses = count + 1;
  }

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR}
   */
  public static Network of(Grammar grammar) {
    return NetworkBuilder.build(grammar);
  }

  /** Number of states. */
  public int size() {
    return arcs.size();
  }

  List<Arc> arcs(int state) {
    return arcs.get(state);
  }

  boolean isEnd(int state) {
    return ends.get(state);
  }

  int start() {
    return start;
  }

  /** Bytes by what the network tells apart. */
  int classOf(int unsignedByte) {
    return classes[unsignedByte] & 0xff;
  }

  int numClasses() {
    return numClasses;
  }

  /** Whether tokens are named. */
  public boolean namesTokens() {
    return !tokens.isEmpty();
  }
}
