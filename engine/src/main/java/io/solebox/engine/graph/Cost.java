package io.solebox.engine.graph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a step of a graph reads and computes, from shapes alone.
 *
 * @param stepBytes weights that one step reads, whatever its size
 * @param tokenBytes further weights per token: its rows of tables
 * @param slotBytes recurrent state that a token reads of its sequence
 * @param flopsPerToken of what every token of a prompt takes part in
 * @param flopsPerRow of what only requested rows take part in, as the head that gives logits
 * @param attention per group of the graph
 * @param experts what some of it is read of, by what tokens take
 */
public record Cost(
    long stepBytes,
    long tokenBytes,
    long slotBytes,
    long flopsPerToken,
    long flopsPerRow,
    List<Attention> attention,
    List<Experts> experts) {

  /**
   * Weights of experts, of which tokens take some each.
   *
   * @param bytes of all experts together
   * @param count X
   * @param used k
   */
  public record Experts(long bytes, int count, int used) {
    /** What a step of {@code tokens} reads that take experts at random, on average. */
    double stepBytes(int tokens) {
      return bytes * (1 - Math.pow(1 - (double) used / count, tokens));
    }
  }

  /**
   * What attention to one position costs, over all ops of a group.
   *
   * @param window positions that a token sees; empty for all before it
   * @param elements of keys and values that are kept of a position
   * @param flops of one token
   */
  public record Attention(OptionalInt window, long elements, long flops) {
    double positions(double context) {
      return window.isPresent() ? Math.min(context, window.getAsInt()) : context;
    }
  }

  public static Cost of(Graph graph) {
    Set<Weight> whole = new LinkedHashSet<>(); // a weight that is used twice counts once
    long tokenBytes = 0;
    for (Weight.Use use : graph.uses()) {
      switch (use.role()) {
        case TABLE, POSITIONS -> tokenBytes += use.weight().rowBytes();
        case MATRIX, VECTOR -> whole.add(use.weight());
        case EXPERTS, ADAPTER -> {
          // counted by experts(graph) and adapterBytes(graph)
        }
      }
    }
    long perToken = 0;
    long perRow = 0;
    boolean[] rows = graph.perRow();
    for (Op op : graph.ops()) {
      if (rows[op.out().id()]) {
        perRow += op.flopsPerToken();
      } else {
        perToken += op.flopsPerToken();
      }
    }
    long stepBytes = whole.stream().mapToLong(Weight::bytes).sum() + adapterBytes(graph);
    return new Cost(
        stepBytes,
        tokenBytes,
        slotBytes(graph),
        perToken,
        perRow,
        attention(graph),
        experts(graph));
  }

  /** As if every product met the largest of its adapters. */
  private static long adapterBytes(Graph graph) {
    return graph.ops().stream()
        .mapToLong(op -> op instanceof LowRank added ? added.maxBytes() : 0)
        .sum();
  }

  private static List<Experts> experts(Graph graph) {
    List<Experts> all = new ArrayList<>();
    for (Op op : graph.ops()) {
      if (op instanceof ExpertOp.Experts e) {
        long bytes = e.stacks().stream().mapToLong(s -> s.bytes()).sum();
        all.add(new Experts(bytes, e.up().experts(), e.used()));
      }
    }
    return all;
  }

  private static long slotBytes(Graph graph) {
    return graph.keeps().stream()
        .mapToLong(keep -> keep instanceof Keep.Slot s ? Float.BYTES * s.floats() : 0)
        .sum();
  }

  private static List<Attention> attention(Graph graph) {
    long[] elements = new long[graph.groups().size()];
    long[] flops = new long[graph.groups().size()];
    for (Keep keep : graph.keeps()) {
      if (keep instanceof Keep.Paged p) {
        elements[graph.groupOf(p)] += p.keyWidth() + p.valueWidth();
      }
    }
    for (Op op : graph.ops()) {
      if (op instanceof Op.Attention a) {
        flops[graph.groupOf(a.keep())] += a.flopsPerPosition();
      }
    }
    List<Attention> all = new ArrayList<>();
    for (KeepGroup group : graph.groups()) {
      all.add(new Attention(group.window(), elements[group.index()], flops[group.index()]));
    }
    return all;
  }

  /** Elements of keys and values that a token reads which sees {@code context} positions. */
  public double elementsRead(double context) {
    return attention.stream().mapToDouble(a -> a.elements() * a.positions(context)).sum();
  }

  /**
   * Operations per token of a prompt, a multiplication and an addition being two: a token attends
   * to half of the prompt, on average.
   */
  public double prefillFlopsPerToken(int promptTokens) {
    double average = promptTokens / 2.0;
    return flopsPerToken
        + attention.stream().mapToDouble(a -> a.flops() * a.positions(average)).sum();
  }

  /**
   * Bytes that decode reads per token: the weights once per step, shared by its sequences, and each
   * sequence's own memory.
   *
   * @param batch sequences in a step
   * @param pagedBytes {@link #elementsRead} in the type of the cache
   */
  public double decodeBytesPerToken(int batch, double pagedBytes) {
    double ofExperts = experts.stream().mapToDouble(e -> e.stepBytes(batch)).sum();
    return (stepBytes + ofExperts) / batch + tokenBytes + slotBytes + pagedBytes;
  }
}
