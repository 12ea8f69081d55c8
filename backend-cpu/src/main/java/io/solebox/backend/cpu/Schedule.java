package io.solebox.backend.cpu;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.util.Arrays;
import java.util.List;

/**
 * Which ops run together between two barriers, and how long each value lives. An op joins the phase
 * of the op before it unless it reads what that phase writes: the projections to q, k and v share a
 * phase, as do gate and up.
 *
 * @param phaseOfOp the phase of each op; attention also takes the next one, where it attends after
 *     all keys and values are stored
 * @param phases how many there are, the last of which answers row requests
 * @param definedIn per value id the phase that writes it
 * @param lastRead per value id the last phase that reads it
 */
record Schedule(int[] phaseOfOp, int phases, int[] definedIn, int[] lastRead) {
  static Schedule of(Graph graph) {
    int[] phaseOfOp = new int[graph.ops().size()];
    int[] definedIn = new int[graph.valueCount()];
    int[] lastRead = new int[graph.valueCount()];
    Arrays.fill(definedIn, -1);
    int phase = 0;
    for (int i = 0; i < phaseOfOp.length; i++) {
      Op op = graph.ops().get(i);
      int now = phase;
      if (inputs(op).stream().anyMatch(v -> definedIn[v.id()] == now)) {
        phase++;
      }
      phaseOfOp[i] = phase;
      if (op instanceof Op.Attention) {
        phase++;
      }
      definedIn[op.out().id()] = phase;
      lastRead[op.out().id()] = phase;
      for (Value v : inputs(op)) {
        lastRead[v.id()] = phase;
      }
    }
    int last = phase + 1;
    for (Value v : results(graph)) {
      lastRead[v.id()] = last;
    }
    return new Schedule(phaseOfOp, last + 1, definedIn, lastRead);
  }

  /** What an op reads. */
  static List<Value> inputs(Op op) {
    return switch (op) {
      case Op.Embed _, Op.TakeHidden _ -> List.of();
      case Op.RmsNorm o -> List.of(o.x());
      case Op.Linear o -> List.of(o.x());
      case Op.Rope o -> List.of(o.x());
      case Op.Attention o -> List.of(o.q(), o.k(), o.v());
      case Op.SwiGlu o -> List.of(o.gate(), o.up());
      case Op.Add o -> List.of(o.a(), o.b());
      case Op.SelectRows o -> List.of(o.x());
    };
  }

  private static List<Value> results(Graph graph) {
    return switch (graph.end()) {
      case Graph.End.Rows end -> List.of(end.hidden(), end.logits());
      case Graph.End.Hidden end -> List.of(end.hidden());
    };
  }
}
