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
    List<List<Way>> ways = new ArrayList<>(arcs.size());
    arcs.forEach(_ -> ways.add(new ArrayList<>(2)));
    for (int state = 0; state < arcs.size(); state++) {
      for (Arc arc : arcs.get(state)) {
        Way way = new Way(state, arc);
        ways.get(arc.to()).add(way);
        switch (arc) {
          case Arc.Enter(int start, _) -> ways.get(start).add(way);
          case Arc.Loop(int start, _, _, _) -> ways.get(start).add(way);
          case Arc.Free _, Arc.Bytes _, Arc.Say _ -> {}
        }
      }
    }
    BitSet alive = (BitSet) ends.clone();
    Deque<Integer> work = new ArrayDeque<>();
    ends.stream().forEach(work::add);
    while (!work.isEmpty()) {
      for (Way way : ways.get(work.remove())) {
        if (!alive.get(way.from) && leads(way.arc, alive)) {
          alive.set(way.from);
          work.add(way.from);
        }
      }
    }
    return alive;
  }

  /** An arc, and where it begins. */
  private record Way(int from, Arc arc) {}

  private static boolean leads(Arc arc, BitSet alive) {
    return alive.get(arc.to()) && !isEmpty(arc, alive);
  }
}
