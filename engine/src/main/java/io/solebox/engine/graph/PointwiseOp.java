package io.solebox.engine.graph;

import io.solebox.engine.graph.Weight.Role;
import io.solebox.engine.graph.Weight.Use;
import java.util.List;

/** What computes each element of a token from few others of the same token, or moves them. */
public sealed interface PointwiseOp extends Op {
  /** {@code gating(gate, up)}, elementwise. */
  record Gated(Value out, Value gate, Value up, Gating gating) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(gate, up);
    }
  }

  /** {@code activation(x)}, elementwise. */
  record Activate(Value out, Value x, Activation activation) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /** {@code x * factor}, elementwise. */
  record Scale(Value out, Value x, float factor) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /** Multiplies a token's elements with a number of its own: x [T, width] times factor [T, 1]. */
  record ScaleRows(Value out, Value x, Value factor) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(x, factor);
    }
  }

  /** {@code cap * tanh(x / cap)}, elementwise (Gemma 2, arXiv:2408.00118). */
  record SoftCap(Value out, Value x, float cap) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }
  }

  /** {@code a + b}, elementwise. */
  record Add(Value out, Value a, Value b) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(a, b);
    }
  }

  /** {@code x + vector}, the same one for every token. */
  record AddVector(Value out, Value x, Weight vector) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(vector, Role.VECTOR));
    }
  }

  /** {@code x * vector}, the same one for every token. */
  record ScaleColumns(Value out, Value x, Weight vector) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(vector, Role.VECTOR));
    }
  }

  /**
   * Of each group of {@code group} elements those from {@code from} on, as many as the result has
   * of each: [T, n * group] to [T, n * length].
   */
  record Slice(Value out, Value x, int group, int from) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    /** Elements that are taken of each group. */
    public int length() {
      return out.width() / (x.width() / group);
    }
  }

  /**
   * Puts groups of {@code aGroup} elements of a and groups of {@code bGroup} of b by turns: [T, n *
   * aGroup] and [T, n * bGroup] to [T, n * (aGroup + bGroup)]. A b of one group goes into every
   * one.
   */
  record Join(Value out, Value a, int aGroup, Value b, int bGroup) implements PointwiseOp {
    @Override
    public List<Value> inputs() {
      return List.of(a, b);
    }

    /** n. */
    public int groups() {
      return a.width() / aGroup;
    }

    /** Elements from one group of b to the next; 0 where there is one for all. */
    public int bStep() {
      return b.width() == bGroup ? 0 : bGroup;
    }
  }
}
