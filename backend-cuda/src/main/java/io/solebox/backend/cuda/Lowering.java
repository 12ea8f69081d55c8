package io.solebox.backend.cuda;

import io.solebox.backend.cuda.Node.Forms;
import io.solebox.backend.cuda.Node.Slice;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Turns op records into nodes. Joins what one kernel does better than several: a product and the
 * residual added to it; gate, up and their activation; the products with q, k and v; norm, rotation
 * and store of heads. A value that feeds quantized weights is rounded once, where it arises if its
 * kernel can.
 */
final class Lowering {
  /** Kernels load 16 bytes at a time, from where a slice begins as well. */
  private static final int ALIGNED_FLOATS = 4;

  private final GraphUse use;
  private final Map<Integer, Op> joinedInto = new HashMap<>(); // by value id of a product
  private final Set<Integer> absorbed = new HashSet<>(); // value ids that no node gives
  private final Map<Integer, HeadChains> heads = new HashMap<>(); // by value id of an attention
  private final Map<Integer, List<Op.Linear>> stacks = new HashMap<>(); // by value id of the first
  private final Map<Integer, Slice> slices = new HashMap<>(); // by value id
  private final Map<Integer, Value> rounded = new HashMap<>(); // by value id
  private final List<Node> nodes = new ArrayList<>();
  private int nextId;

  private Lowering(Graph graph) {
    this.use = new GraphUse(graph);
    this.nextId = graph.valueCount();
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code UNSUPPORTED_MODEL} for an op without a
   *     kernel
   */
  static List<Node> lower(Graph graph) {
    OpSet.require(graph);
    var lowering = new Lowering(graph);
    graph.ops().forEach(lowering::findJoins);
    graph.ops().forEach(lowering::emit);
    return List.copyOf(lowering.nodes);
  }

  private void findJoins(Op op) {
    switch (op) {
      case PointwiseOp.Add add -> {
        if (isSummand(add.b())) {
          joinedInto.put(add.b().id(), add);
        } else if (isSummand(add.a())) {
          joinedInto.put(add.a().id(), add);
        }
      }
      case PointwiseOp.Gated glu -> {
        if (isJoinable(glu.gate()) && isJoinable(glu.up()) && isPair(glu)) {
          joinedInto.put(glu.gate().id(), glu);
          joinedInto.put(glu.up().id(), glu);
        }
      }
      case Op.Attention attention ->
          attention.fresh().ifPresent(fresh -> findHeads(attention, fresh));
      case Op.Basic _, PointwiseOp _, ExpertOp _, StateOp _, LowRank _ -> {}
    }
  }

  /** Whether the kernel that makes it can add something to it. */
  private boolean isSummand(Value v) {
    boolean ofOthers =
        use.onlyFor(v, ExpertOp.Experts.class).isPresent()
            || use.onlyFor(v, Op.AllReduce.class).isPresent();
    return isJoinable(v) || ofOthers && !joinedInto.containsKey(v.id());
  }

  private boolean isJoinable(Value v) {
    return use.onlyFor(v, Op.Linear.class).isPresent() && !joinedInto.containsKey(v.id());
  }

  private Op.Linear linear(Value v) {
    return use.onlyFor(v, Op.Linear.class).orElseThrow();
  }

  private boolean isPair(PointwiseOp.Gated glu) {
    Op.Linear gate = linear(glu.gate());
    Op.Linear up = linear(glu.up());
    return gate.x().equals(up.x())
        && gate.weight().type() == up.weight().type()
        && gate.bias().isEmpty()
        && up.bias().isEmpty();
  }

  private void findHeads(Op.Attention op, Op.KeysValues fresh) {
    var chains = HeadChains.of(use, op, fresh);
    heads.put(op.out().id(), chains);
    chains.joined().forEach(v -> absorbed.add(v.id()));
    findStack(
        Stream.concat(Stream.of(chains.q().base(), chains.k().base()), fresh.v().stream())
            .toList());
  }

  /** Stacks the products that share input and format with the first of them. */
  private void findStack(List<Value> values) {
    var linears = new ArrayList<Op.Linear>();
    for (Value v : values) {
      if (isJoinable(v) && !absorbed.contains(v.id())) {
        linears.add(linear(v));
      }
    }
    if (linears.isEmpty()) {
      return;
    }
    Op.Linear first = linears.getFirst();
    linears.removeIf(l -> !l.x().equals(first.x()) || l.weight().type() != first.weight().type());
    boolean aligned = linears.stream().allMatch(l -> l.weight().rows() % ALIGNED_FLOATS == 0);
    if (linears.size() > 1 && aligned) {
      stacks.put(first.out().id(), linears);
      linears.forEach(l -> absorbed.add(l.out().id()));
    }
  }

  private void emit(Op op) {
    Value out = op.out();
    if (stacks.containsKey(out.id())) {
      emitStack(stacks.get(out.id()));
      return;
    }
    if (absorbed.contains(out.id()) || joinedInto.containsKey(out.id())) {
      return;
    }
    switch (op) {
      case Op.Embed o -> nodes.add(new Node.Embed(out, o.table()));
      case Op.TakeHidden _ -> nodes.add(new Node.TakeHidden(out));
      case Op.RmsNorm o -> {
        boolean whole = o.gain().cols() == out.width();
        nodes.add(new Node.Norm(forms(out, whole), o.x(), o.gain(), o.eps()));
      }
      case Op.LayerNorm o -> {
        boolean whole = o.gain().cols() == out.width();
        nodes.add(new Node.LayerNorm(forms(out, whole), o));
      }
      case Op.Linear o -> emit(o, out, Optional.empty());
      case Op.Attention o -> emit(o);
      case PointwiseOp.Gated o -> emit(o);
      case PointwiseOp.Add o -> emit(o);
      case Op.AllReduce o -> nodes.add(new SumNode(out, o.x(), Optional.empty()));
      case Op.Rope _, Op.SelectRows _, Op.MeanRows _, Op.EmbedPosition _, Op.ScaleByPosition _ ->
          nodes.add(new Node.Single(op));
      case PointwiseOp _ -> nodes.add(new Node.Single(op));
      case StateOp _ -> nodes.add(new Node.Single(op));
      case LowRank o -> nodes.add(AdapterNode.of(o, value(out.name() + " inner", o.maxRank())));
      case Op.HeadLinear o -> nodes.add(new GroupNode.Heads(out, operand(o.x(), o.weight()), o));
      case ExpertOp.Route _ -> nodes.add(new Node.Single(op));
      case ExpertOp.Experts o -> emit(o, out, Optional.empty());
    }
  }

  private void emit(PointwiseOp.Add o) {
    if (joinedInto.get(o.b().id()) == o) {
      emitSum(o.b(), o.out(), o.a());
    } else if (joinedInto.get(o.a().id()) == o) {
      emitSum(o.a(), o.out(), o.b());
    } else {
      nodes.add(new Node.Single(o));
    }
  }

  private void emitSum(Value summand, Value out, Value residual) {
    use.onlyFor(summand, Op.Linear.class).ifPresent(o -> emit(o, out, Optional.of(residual)));
    use.onlyFor(summand, ExpertOp.Experts.class)
        .ifPresent(o -> emit(o, out, Optional.of(residual)));
    use.onlyFor(summand, Op.AllReduce.class)
        .ifPresent(o -> nodes.add(new SumNode(out, o.x(), Optional.of(residual))));
  }

  private void emit(Op.Linear o, Value out, Optional<Value> residual) {
    Value x = operand(o.x(), o.weight());
    nodes.add(new Node.Linear(out, x, List.of(o.weight()), List.of(o.bias()), residual));
  }

  private void emitStack(List<Op.Linear> stack) {
    int width = stack.stream().mapToInt(l -> l.weight().rows()).sum();
    Value out = value(stack.getFirst().out().name() + " and others", width);
    int from = 0;
    for (Op.Linear l : stack) {
      slices.put(l.out().id(), new Slice(out, from));
      from += l.weight().rows();
    }
    Value x = operand(stack.getFirst().x(), stack.getFirst().weight());
    List<Weight> weights = stack.stream().map(Op.Linear::weight).toList();
    List<Optional<Weight>> biases = stack.stream().map(Op.Linear::bias).toList();
    nodes.add(new Node.Linear(out, x, weights, biases, Optional.empty()));
  }

  private void emit(PointwiseOp.Gated o) {
    if (joinedInto.get(o.gate().id()) == o) {
      Op.Linear gate = linear(o.gate());
      Weight up = linear(o.up()).weight();
      Value x = operand(gate.x(), gate.weight());
      Optional<Value> rounded = forms(o.out(), true).rounded();
      nodes.add(
          new Node.GateUp(o.out(), rounded, o.gate(), o.up(), x, gate.weight(), up, o.gating()));
    } else {
      nodes.add(new Node.Single(o));
    }
  }

  private void emit(ExpertOp.Experts o, Value out, Optional<Value> residual) {
    String name = o.out().name();
    int inner = o.used() * o.up().rows();
    Value upOut = value(name + " inner", inner);
    boolean rounds = GraphUse.isQuantized(o.down().weight());
    nodes.add(
        new GroupNode.Experts(
            out,
            o.gate().map(g -> operand(o.x(), g.weight())),
            operand(o.x(), o.up().weight()),
            o.gate().map(_ -> value(name + " gate", inner)),
            upOut,
            rounds ? Optional.of(roundedForm(upOut)) : Optional.empty(),
            value(name + " parts", o.used() * o.out().width()),
            residual,
            o));
  }

  private void emit(Op.Attention o) {
    Slice q = o.fresh().map(fresh -> storeHeads(o, fresh)).orElse(new Slice(o.q(), 0));
    boolean canRound = o.shape().valueDim() % Rounding.BLOCK == 0;
    Optional<Value> q8 = forms(o.out(), canRound).rounded();
    // Prefill gives f32 alone, which is rounded after it.
    nodes.add(new Node.Attend(o.out(), q8, q, o));
  }

  /** Returns q as attention takes it. */
  private Slice storeHeads(Op.Attention o, Op.KeysValues fresh) {
    HeadChains h = heads.get(o.out().id());
    Optional<Value> q =
        h.q().isBare()
            ? Optional.empty()
            : Optional.of(value(o.q().name() + " of heads", o.q().width()));
    nodes.add(
        new Node.StoreKv(
            q,
            slice(h.q().base()),
            slice(h.k().base()),
            fresh.v().map(this::slice),
            h.q().norm().map(Op.RmsNorm::gain),
            h.k().norm().map(Op.RmsNorm::gain),
            h.eps(),
            h.q().rope().map(Op.Rope::rotation),
            o));
    return q.map(v -> new Slice(v, 0)).orElseGet(() -> slice(h.q().base()));
  }

  private Slice slice(Value v) {
    return slices.getOrDefault(v.id(), new Slice(v, 0));
  }

  /**
   * The forms in which a result is read.
   *
   * @param canRound whether its kernel can give both
   */
  private Forms forms(Value out, boolean canRound) {
    boolean rounds = canRound && use.isReadRounded(out);
    boolean dense = use.isReadDense(out) || !rounds;
    Optional<Value> q = rounds ? Optional.of(roundedForm(out)) : Optional.empty();
    return new Forms(dense ? Optional.of(out) : Optional.empty(), q);
  }

  private Value roundedForm(Value x) {
    Value q = value(x.name() + " in 8 bits", Rounding.floats(x.width()));
    rounded.put(x.id(), q);
    return q;
  }

  private Value value(String name, int width) {
    return new Value(nextId++, name, width);
  }

  /** The product's input as its kernel takes it. */
  private Value operand(Value x, Weight weight) {
    if (!GraphUse.isQuantized(weight)) {
      return x;
    }
    if (!rounded.containsKey(x.id())) {
      nodes.add(new Node.Quantize(roundedForm(x), x));
    }
    return rounded.get(x.id());
  }
}
