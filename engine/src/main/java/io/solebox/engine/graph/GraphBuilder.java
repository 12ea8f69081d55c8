package io.solebox.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a graph op by op; an architecture reads like its paper. Shapes are checked as they arise.
 */
public final class GraphBuilder {
  private final List<Op> ops = new ArrayList<>();
  private final List<Graph.Boundary> boundaries = new ArrayList<>();
  private int nextId;
  private int nextKeep;
  private String scope = "";

  /** Begins layer {@code layer}; {@code residual} is all that it takes from what came before. */
  public void layer(int layer, Value residual) {
    scope = "blk." + layer + ".";
    boundaries.add(new Graph.Boundary(layer, ops.size(), residual));
  }

  /** Ends the layers; what follows belongs to the head. */
  public void head() {
    scope = "";
  }

  public Value embed(Weight table) {
    return emit(new Op.Embed(value("embed", table.cols()), table));
  }

  public Value rmsNorm(String name, Value x, Weight gain, float eps) {
    require(gain.rows() == 1 && x.width() % gain.cols() == 0, name, x, gain);
    return emit(new Op.RmsNorm(value(name, x.width()), x, gain, eps));
  }

  public Value linear(String name, Value x, Weight weight) {
    return linear(name, x, weight, Optional.empty());
  }

  public Value linear(String name, Value x, Weight weight, Optional<Weight> bias) {
    require(x.width() == weight.cols(), name, x, weight);
    bias.ifPresent(b -> require(b.rows() == 1 && b.cols() == weight.rows(), name, x, b));
    return emit(new Op.Linear(value(name, weight.rows()), x, weight, bias));
  }

  public Value linear(String name, Value x, Projection projection) {
    return linear(name, x, projection.weight(), projection.bias());
  }

  public Value rope(String name, Value x, int headDim, Rotation rotation) {
    require(
        x.width() % headDim == 0, name, "[T, %d] is no whole number of heads of %d", x, headDim);
    return emit(new Op.Rope(value(name, x.width()), x, headDim, rotation));
  }

  /** Attention over keys and values of its own. */
  public Value attention(Value q, Value k, Value v, AttentionShape shape) {
    return attention(q, k, v, shape, keysAndValues(shape));
  }

  /** Attention that writes to a keep which later layers may share. */
  public Value attention(Value q, Value k, Value v, AttentionShape shape, Keep.Paged keep) {
    requireHeads("k", k, shape.numKvHeads(), shape.headDim());
    requireHeads("v", v, shape.numKvHeads(), shape.headDim());
    return attend(q, Optional.of(new Op.KeysValues(k, v)), shape, keep);
  }

  /** Attention over what an earlier layer has written to {@code keep}. */
  public Value sharedAttention(Value q, AttentionShape shape, Keep.Paged keep) {
    return attend(q, Optional.empty(), shape, keep);
  }

  private Value attend(
      Value q, Optional<Op.KeysValues> fresh, AttentionShape shape, Keep.Paged keep) {
    requireHeads("q", q, shape.numHeads(), shape.headDim());
    return emit(
        new Op.Attention(
            value("attn", q.width()),
            q,
            fresh,
            keep,
            shape.numHeads(),
            shape.numKvHeads(),
            shape.headDim(),
            shape.scale()));
  }

  private void requireHeads(String name, Value x, int heads, int dim) {
    require(x.width() == heads * dim, "attn", name + " [T, %d] does not fit heads of %d", x, dim);
  }

  /** A new place for the keys and values of such layers. */
  public Keep.Paged keysAndValues(AttentionShape shape) {
    int width = shape.numKvHeads() * shape.headDim();
    return new Keep.Paged(nextKeep++, width, width, shape.mask());
  }

  /** What all attention layers of a kind share. */
  public record AttentionShape(int numHeads, int numKvHeads, int headDim, float scale, Mask mask) {}

  public Value swiGlu(Value gate, Value up) {
    require(
        gate.width() == up.width(), "ffn_act", "[T, %d] does not fit [T, %d]", gate, up.width());
    return emit(new Op.SwiGlu(value("ffn_act", gate.width()), gate, up));
  }

  public Value add(String name, Value a, Value b) {
    require(a.width() == b.width(), name, "[T, %d] does not fit [T, %d]", a, b.width());
    return emit(new Op.Add(value(name, a.width()), a, b));
  }

  /**
   * @param kernel [x.width, taps]
   */
  public Value shortConv(String name, Value x, Weight kernel, Optional<Weight> bias) {
    require(x.width() == kernel.rows(), name, x, kernel);
    bias.ifPresent(b -> require(b.rows() == 1 && b.cols() == x.width(), name, x, b));
    var keep = new Keep.Slot(nextKeep++, (long) x.width() * (kernel.cols() - 1));
    return emit(new Op.ShortConv(value(name, x.width()), x, kernel, bias, keep));
  }

  public Value selectRows(Value x) {
    return emit(new Op.SelectRows(value("rows", x.width()), x));
  }

  public Value meanRows(Value x) {
    return emit(new Op.MeanRows(value("mean", x.width()), x));
  }

  public Graph build(Value hidden, Value logits) {
    return new Graph(ops, new Graph.End.Rows(hidden, Optional.of(logits)), boundaries);
  }

  /** A model that gives no logits: embeddings, or scores. */
  public Graph build(Value hidden) {
    return new Graph(ops, new Graph.End.Rows(hidden, Optional.empty()), boundaries);
  }

  private Value value(String name, int width) {
    return new Value(nextId++, scope + name, width);
  }

  private Value emit(Op op) {
    ops.add(op);
    return op.out();
  }

  private void require(boolean ok, String name, String complaint, Value x, int other) {
    if (!ok) {
      throw new IllegalArgumentException(
          scope + name + ": " + complaint.formatted(x.width(), other));
    }
  }

  private void require(boolean ok, String name, Value x, Weight weight) {
    if (!ok) {
      throw new IllegalArgumentException(
          "%s%s: [T, %d] does not fit tensor %s [%d, %d]"
              .formatted(scope, name, x.width(), weight.name(), weight.rows(), weight.cols()));
    }
  }
}
