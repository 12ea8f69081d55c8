package io.solebox.engine.constrain.match;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/** Removes the arcs to states from which no text ends its rule. */
final class DeadEnds {
  private DeadEnds() {}

  /**
   * @param arcs of each state, changed
   * @param ends states where a rule may end
   * @return the states from which a text ends their rule
   */
  static BitSet cut(List<List<Arc>> arcs, BitSet ends) {
    BitSet alive = alive(arcs, ends);
    for (List<Arc> ways : arcs) {
      ways.removeIf(arc -> !alive.get(arc.to()) || isEmpty(arc, alive));
    }
    return alive;
  }

  /** Whether no text leads along it. */
  private static boolean isEmpty(Arc arc, BitSet alive) {
    return switch (arc) {
      case Arc.Enter(int start, _) -> !alive.get(start);
      case Arc.Loop(int start, int min, _, _) -> min > 0 && !alive.get(start);
      case Arc.Free _, Arc.Bytes _, Arc.Say _ -> false;
    };
  }

  private static BitSet alive(List<List<Arc>> arcs, BitSet ends) {
    List<List<Integer>> from = new ArrayList<>();
    arcs.forEach(_ -> from.add(new ArrayList<>(2)));
    for (int state = 0; state < arcs.size(); state++) {
      for (Arc arc : arcs.get(state)) {
        from.get(arc.to()).add(state);
        switch (arc) {
          case Arc.Enter(int start, _) -> from.get(start).add(state);
          case Arc.Loop(int start, _, _, _) -> from.get(start).add(state);
          case Arc.Free _, Arc.Bytes _, Arc.Say _ -> {}
        }
      }
    }
    BitSet alive = (BitSet) ends.clone();
    Deque<Integer> work = new ArrayDeque<>();
    ends.stream().forEach(work::add);
    while (!work.isEmpty()) {
      for (int state : from.get(work.remove())) {
        if (!alive.get(state) && arcs.get(state).stream().anyMatch(arc -> leads(arc, alive))) {
          alive.set(state);
          work.add(state);
        }
      }
    }
    return alive;
  }

  private static boolean leads(Arc arc, BitSet alive) {
    return alive.get(arc.to()) && !isEmpty(arc, alive);
  }
}
