package io.solebox.planner.work;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.util.ArrayList;
import java.util.List;

/** What the steps of a graph, or of a stage of one, read and compute, op by op. */
public record StepWork(List<OpWork> ops) {
  public StepWork {
    ops = List.copyOf(ops);
  }

  public static StepWork of(Graph graph) {
    boolean[] perRow = graph.perRow();
    List<OpWork> ops = new ArrayList<>();
    for (Op op : graph.ops()) {
      ops.add(OpWork.of(op, perRow[op.out().id()]));
    }
    return new StepWork(ops);
  }

  /**
   * Bytes that a step of decode reads.
   *
   * @param sequences a token of each
   * @param context positions that each has behind it
   */
  public double decodeBytes(int sequences, double context, KvType kvType) {
    return ops.stream()
        .mapToDouble(op -> op.weightBytes(sequences) + sequences * keptBytes(op, context, kvType))
        .sum();
  }

  /** Operations of such a step. */
  public double decodeFlops(int sequences, double context) {
    return ops.stream().mapToDouble(op -> sequences * flops(op, context)).sum();
  }

  /**
   * Operations of a token of a prompt, on average over all of it; rows that give logits are not in
   * it, since only one of them is wanted.
   */
  public double promptFlops(int prompt) {
    return ops.stream()
        .filter(op -> !op.isPerRow())
        .mapToDouble(op -> flops(op, prompt / 2.0))
        .sum();
  }

  /** Keys and values that a token reads of an op. */
  public static double keptBytes(OpWork op, double context, KvType kvType) {
    return op.attention().map(a -> kvType.bytes(a.elements() * a.positions(context))).orElse(0.0);
  }

  /** Operations of a token in an op. */
  public static double flops(OpWork op, double context) {
    return op.flopsPerToken()
        + op.attention().map(a -> a.flops() * a.positions(context)).orElse(0.0);
  }
}
