package io.solebox.planner.work;

import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an op reads and computes in a step, from its own record: the one that runs.
 *
 * @param name for people: its matrix, or what it is
 * @param type of its matrix; empty where it has none
 * @param stepBytes weights that it reads once in a step
 * @param tokenBytes that it reads for each token beside: rows of tables, recurrent state
 * @param flopsPerToken a multiplication and an addition are two
 * @param isPerRow whether only rows that were asked for take part, as in what gives logits
 * @param attention what it reads of the cache
 * @param experts of which tokens take some each
 */
public record OpWork(
    String name,
    Optional<TensorType> type,
    long stepBytes,
    long tokenBytes,
    long flopsPerToken,
    boolean isPerRow,
    Optional<Attention> attention,
    Optional<Experts> experts) {
  /**
   * @param elements of keys and values of a position
   * @param flops of a token with a position
   * @param window positions that a token sees; empty for all before it
   */
  public record Attention(long elements, long flops, OptionalInt window) {
    /** Positions that are seen of so many. */
    public double positions(double context) {
      return window.isPresent() ? Math.min(context, window.getAsInt()) : context;
    }
  }

  /**
   * @param bytes of all of them
   * @param share of them that a token takes
   */
  public record Experts(long bytes, double share) {
    /** Read by so many tokens that choose at random, on average. */
    double stepBytes(double tokens) {
      return bytes * (1 - Math.pow(1 - share, tokens));
    }
  }

  static OpWork of(Op op, boolean isPerRow) {
    long step = 0;
    long token = 0;
    Optional<TensorType> type = Optional.empty();
    String name = op.getClass().getSimpleName();
    for (Weight.Use use : op.weights()) {
      switch (use.role()) {
        case TABLE, POSITIONS -> token += use.weight().rowBytes();
        case MATRIX, VECTOR -> step += use.weight().bytes();
        case EXPERTS, ADAPTER -> {
          // below, since no token reads all of them
        }
      }
      if (use.role() != Weight.Role.VECTOR) {
        type = Optional.of(use.weight().type());
        name = use.weight().title();
      }
    }
    if (op instanceof LowRank added) {
      step += added.maxBytes();
    }
    for (Keep keep : op.keeps()) {
      token += keep instanceof Keep.Slot slot ? Float.BYTES * slot.floats() : 0;
    }
    return new OpWork(
        name, type, step, token, op.flopsPerToken(), isPerRow, attention(op), experts(op));
  }

  private static Optional<Attention> attention(Op op) {
    return op instanceof Op.Attention a
        ? Optional.of(
            new Attention(
                a.keep().keyWidth() + a.keep().valueWidth(),
                a.flopsPerPosition(),
                a.keep().window()))
        : Optional.empty();
  }

  private static Optional<Experts> experts(Op op) {
    return op instanceof ExpertOp.Experts e
        ? Optional.of(
            new Experts(
                e.stacks().stream().mapToLong(stack -> stack.bytes()).sum(),
                (double) e.used() / e.up().experts()))
        : Optional.empty();
  }

  /** Weights that a step reads of this op, and what its tokens read beside them. */
  public double weightBytes(double tokens) {
    return stepBytes + tokens * tokenBytes + experts.map(e -> e.stepBytes(tokens)).orElse(0.0);
  }
}
