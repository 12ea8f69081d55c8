package io.solebox.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a graph op by op; an architecture reads like its paper. Shapes are checked as they arise.
 */
public final class GraphBuilder {
  private static final String UNEQUAL = "[T, %d] does not fit [T, %d]";

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

  public Value scaleByPosition(String name, Value x, float slope, int tokens, int offset) {
    Value out = value(name, x.width());
    return emit(new Op.ScaleByPosition(out, x, slope, tokens, offset));
  }

  /** Attention over keys and values of its own. */
  public Value attention(Value q, Value k, Value v, AttentionShape shape) {
    return attention(q, k, v, shape, keysAndValues(shape));
  }

  /** Attention that writes to a keep which later layers may share. */
  public Value attention(Value q, Value k, Value v, AttentionShape shape, Keep.Paged keep) {
    return attention(q, k, v, shape, keep, Op.PerHead.none());
  }

  /**
   * @param perHead what query heads do not share
   */
  public Value attention(
      Value q, Value k, Value v, AttentionShape shape, Keep.Paged keep, Op.PerHead perHead) {
    requireHeads("k", k, shape.numKvHeads(), shape.headDim());
    requireHeads("v", v, shape.numKvHeads(), shape.valueDim());
    return attend(q, Optional.of(new Op.KeysValues(k, Optional.of(v))), shape, keep, perHead);
  }

  /** Attention whose values are the first elements of its keys. */
  public Value latentAttention(Value q, Value latent, AttentionShape shape) {
    return latentAttention(q, latent, shape, Op.PerHead.none());
  }

  /**
   * @param perHead what query heads do not share
   */
  public Value latentAttention(Value q, Value latent, AttentionShape shape, Op.PerHead perHead) {
    requireHeads("k", latent, shape.numKvHeads(), shape.headDim());
    var fresh = new Op.KeysValues(latent, Optional.empty());
    return attend(q, Optional.of(fresh), shape, keysAndValues(shape), perHead);
  }

  /** Attention over what an earlier layer has written to {@code keep}. */
  public Value sharedAttention(Value q, AttentionShape shape, Keep.Paged keep) {
    return attend(q, Optional.empty(), shape, keep, Op.PerHead.none());
  }

  private Value attend(
      Value q,
      Optional<Op.KeysValues> fresh,
      AttentionShape shape,
      Keep.Paged keep,
      Op.PerHead perHead) {
    requireHeads("q", q, shape.numHeads(), shape.headDim());
    for (Weight w : perHead.weights()) {
      require(w.elements() == shape.numHeads(), "attn", q, w);
    }
    Value out = value("attn", shape.numHeads() * shape.valueDim());
    return emit(new Op.Attention(out, q, fresh, keep, shape, perHead));
  }

  private void requireHeads(String name, Value x, int heads, int dim) {
    require(x.width() == heads * dim, "attn", name + " [T, %d] does not fit heads of %d", x, dim);
  }

  /** A new place for the keys and values of such layers. */
  public Keep.Paged keysAndValues(AttentionShape shape) {
    return new Keep.Paged(nextKeep++, shape.keyWidth(), shape.valueWidth(), shape.mask());
  }

  public Value swiGlu(Value gate, Value up) {
    return gated("ffn_act", gate, up, new Gating.By(Activation.SILU));
  }

  public Value gated(String name, Value gate, Value up, Gating gating) {
    require(gate.width() == up.width(), name, UNEQUAL, gate, up.width());
    return emit(new PointwiseOp.Gated(value(name, gate.width()), gate, up, gating));
  }

  /** {@code activation(gate) * up}. */
  public Value gated(String name, Value gate, Value up, Activation activation) {
    return gated(name, gate, up, new Gating.By(activation));
  }

  public Value activate(String name, Value x, Activation activation) {
    return emit(new PointwiseOp.Activate(value(name, x.width()), x, activation));
  }

  /** Nothing where the factor is 1. */
  public Value scale(String name, Value x, float factor) {
    return factor == 1 ? x : emit(new PointwiseOp.Scale(value(name, x.width()), x, factor));
  }

  /** Each row times its own factor [T, 1]. */
  public Value scaleRows(String name, Value x, Value factor) {
    require(factor.width() == 1, name, UNEQUAL, factor, 1);
    return emit(new PointwiseOp.ScaleRows(value(name, x.width()), x, factor));
  }

  /** Nothing where there is no cap. */
  public Value softCap(String name, Value x, Optional<Float> cap) {
    return cap.map(c -> emit(new PointwiseOp.SoftCap(value(name, x.width()), x, c))).orElse(x);
  }

  public Value addVector(String name, Value x, Weight vector) {
    require(vector.elements() == x.width(), name, x, vector);
    return emit(new PointwiseOp.AddVector(value(name, x.width()), x, vector.flat()));
  }

  /** Each column times its own factor. */
  public Value scaleColumns(String name, Value x, Weight vector) {
    require(vector.elements() == x.width(), name, x, vector);
    return emit(new PointwiseOp.ScaleColumns(value(name, x.width()), x, vector.flat()));
  }

  /** {@code length} elements of each group, from {@code from} on. */
  public Value slice(String name, Value x, int group, int from, int length) {
    require(x.width() % group == 0, name, "[T, %d] has no whole groups of %d", x, group);
    require(from + length <= group, name, "[T, %d] in groups of %d is too short", x, group);
    Value out = value(name, x.width() / group * length);
    return emit(new PointwiseOp.Slice(out, x, group, from));
  }

  /** By turns a group of a and one of b; a b of one group goes into every one. */
  public Value join(String name, Value a, int aGroup, Value b, int bGroup) {
    int groups = a.width() / aGroup;
    require(b.width() == bGroup || b.width() == groups * bGroup, name, UNEQUAL, a, b.width());
    Value out = value(name, groups * (aGroup + bGroup));
    return emit(new PointwiseOp.Join(out, a, aGroup, b, bGroup));
  }

  public Value embedPosition(Weight table) {
    return emit(new Op.EmbedPosition(value("embed_position", table.cols()), table));
  }

  public Value layerNorm(String name, Value x, Weight gain, Optional<Weight> bias, float eps) {
    require(gain.rows() == 1 && x.width() % gain.cols() == 0, name, x, gain);
    bias.ifPresent(b -> require(b.cols() == gain.cols(), name, x, b));
    return emit(new Op.LayerNorm(value(name, x.width()), x, gain, bias, eps));
  }

  /** A matrix of its own for each head. */
  public Value headLinear(String name, Value x, Weight weight, int heads) {
    boolean fits = x.width() == heads * weight.cols() && weight.rows() % heads == 0;
    require(fits, name, x, weight);
    return emit(new Op.HeadLinear(value(name, weight.rows()), x, weight, heads));
  }

  /** What experts each token takes. */
  public Value route(Value logits, Optional<Weight> bias, ExpertOp.Routing routing) {
    return route(logits, bias, Optional.empty(), routing);
  }

  /**
   * @param scale of each expert's shares
   */
  public Value route(
      Value logits, Optional<Weight> bias, Optional<Weight> scale, ExpertOp.Routing routing) {
    scale.ifPresent(s -> require(s.elements() == logits.width(), "route", logits, s));
    bias.ifPresent(b -> require(b.elements() == logits.width(), "route", logits, b));
    require(
        routing.used() <= logits.width(), "route", "%d experts, %d used", logits, routing.used());
    Value out = value("route", 2 * routing.used());
    return emit(
        new ExpertOp.Route(out, logits, bias.map(Weight::flat), scale.map(Weight::flat), routing));
  }

  /**
   * @param gate absent where up alone goes through the activation
   */
  public Value experts(
      Value x,
      Value routing,
      Optional<ExpertOp.Stack> gate,
      ExpertOp.Stack up,
      ExpertOp.Stack down,
      Gating gating,
      boolean sharesFirst) {
    gate.ifPresent(s -> requireStack("ffn_gate_exps", x.width(), up.rows(), s, x));
    requireStack("ffn_up_exps", x.width(), up.rows(), up, x);
    requireStack("ffn_down_exps", up.rows(), x.width(), down, x);
    int used = routing.width() / 2;
    Value out = value("ffn_experts", x.width());
    return emit(new ExpertOp.Experts(out, x, routing, used, gate, up, down, gating, sharesFirst));
  }

  private void requireStack(String name, int cols, int rows, ExpertOp.Stack s, Value x) {
    require(s.weight().cols() == cols && s.rows() == rows, name, x, s.weight());
    require(s.weight().rows() % s.experts() == 0, name, x, s.weight());
    s.bias().ifPresent(b -> require(b.elements() == s.weight().rows(), name, x, b));
  }

  public Value add(String name, Value a, Value b) {
    require(a.width() == b.width(), name, UNEQUAL, a, b.width());
    return emit(new PointwiseOp.Add(value(name, a.width()), a, b));
  }

  /**
   * @param kernel [x.width, taps]
   */
  public Value shortConv(String name, Value x, Weight kernel, Optional<Weight> bias) {
    require(x.width() == kernel.rows(), name, x, kernel);
    bias.ifPresent(b -> require(b.rows() == 1 && b.cols() == x.width(), name, x, b));
    var keep = new Keep.Slot(nextKeep++, (long) x.width() * (kernel.cols() - 1));
    return emit(new StateOp.ShortConv(value(name, x.width()), x, kernel, bias, keep));
  }

  /**
   * @param keyDim Dk
   */
  public Value gatedDelta(
      Value q,
      Value k,
      Value v,
      Value a,
      Value b,
      Weight bias,
      Weight rate,
      int keyDim,
      StateOp.Sharing sharing) {
    require(bias.elements() == a.width() && rate.elements() == a.width(), "delta", a, rate);
    var keep = new Keep.Slot(nextKeep++, (long) v.width() * keyDim);
    Value out = value("delta", v.width());
    return emit(
        new StateOp.GatedDelta(
            out, q, k, v, a, b, bias.flat(), rate.flat(), keyDim, sharing, keep));
  }

  /**
   * @param stateDim N
   */
  public Value selectiveScan(
      Value x, Value b, Value c, Value dt, Weight bias, Weight rate, Weight skip, int stateDim) {
    require(bias.elements() == dt.width() && rate.elements() == dt.width(), "scan", dt, rate);
    require(skip.elements() == dt.width(), "scan", dt, skip);
    var keep = new Keep.Slot(nextKeep++, (long) x.width() * stateDim);
    Value out = value("scan", x.width());
    return emit(
        new StateOp.SelectiveScan(
            out, x, b, c, dt, bias.flat(), rate.flat(), skip.flat(), stateDim, keep));
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
