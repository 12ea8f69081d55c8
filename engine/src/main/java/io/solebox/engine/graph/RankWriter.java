package io.solebox.engine.graph;

import io.solebox.engine.graph.Parts.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes one rank of a cut graph. A product over a part of its columns, and what experts make of
 * theirs, is a part of a sum; it stays one as far as sums of it can be added up later, and is added
 * up over the ranks when somebody reads it.
 */
final class RankWriter {
  private final Graph graph;
  private final TensorParts parts;
  private final int rank;
  private final List<Op> ops = new ArrayList<>();
  private final Map<Value, Value> summands = new HashMap<>(); // of values not added up yet
  private int nextId;

  private RankWriter(Graph graph, TensorParts parts, int rank) {
    this.graph = graph;
    this.parts = parts;
    this.rank = rank;
    this.nextId = graph.valueCount();
  }

  static Graph write(Graph graph, TensorParts parts, int rank) {
    return new RankWriter(graph, parts, rank).write();
  }

  private Graph write() {
    var boundaries = new ArrayList<Graph.Boundary>();
    for (int i = 0; i < graph.ops().size(); i++) {
      for (Graph.Boundary b : graph.boundaries()) {
        if (b.opIndex() == i) {
          Value hidden = whole(b.hidden());
          boundaries.add(new Graph.Boundary(b.layer(), ops.size(), hidden));
        }
      }
      add(graph.ops().get(i));
    }
    graph.end().results().forEach(this::whole);
    if (rank == 0) {
      return new Graph(ops, graph.end(), boundaries, graph.groups(), false);
    }
    while (!(ops.getLast() instanceof Op.AllReduce)) {
      ops.removeLast(); // what only the first rank needs
    }
    return new Graph(ops, new Graph.End.Elsewhere(), boundaries, graph.groups(), false);
  }

  private void add(Op op) {
    switch (op) {
      case Op.Linear o -> linear(o);
      case Op.Attention o -> attention(o);
      case Op.RmsNorm o -> ops.add(new Op.RmsNorm(out(o), in(o.x()), o.gain(), o.eps()));
      case Op.LayerNorm o ->
          ops.add(new Op.LayerNorm(out(o), in(o.x()), o.gain(), o.bias(), o.eps()));
      case Op.Rope o -> ops.add(new Op.Rope(out(o), in(o.x()), o.headDim(), o.rotation()));
      case Op.ScaleByPosition o ->
          ops.add(new Op.ScaleByPosition(out(o), in(o.x()), o.slope(), o.tokens(), o.offset()));
      case PointwiseOp o -> pointwise(o);
      case ExpertOp.Experts o -> experts(o);
      case ExpertOp.Route _, Op.SelectRows _, Op.MeanRows _ -> asItIs(op);
      case Op.Embed _, Op.EmbedPosition _, Op.TakeHidden _ -> asItIs(op);
      case Op.HeadLinear _, Op.AllReduce _, StateOp _, LowRank _ ->
          throw new AssertionError("refused before: " + op);
    }
  }

  private void asItIs(Op op) {
    op.inputs().forEach(this::whole);
    ops.add(op);
  }

  private void linear(Op.Linear o) {
    Optional<Parts> columns = parts.of(o.x());
    Optional<Parts> rows = parts.of(o.out());
    if (columns.isPresent()) {
      Range own = columns.get().of(rank, o.weight().cols());
      Weight weight = o.weight().columns(own.from(), own.count());
      ops.add(new Op.Linear(summand(o), in(o.x()), weight, ofFirst(o.bias())));
    } else if (rows.isPresent()) {
      Range own = rows.get().of(rank, o.weight().rows());
      Weight weight = o.weight().rows(own.from(), own.count());
      ops.add(new Op.Linear(out(o), whole(o.x()), weight, o.bias().map(b -> part(b, own))));
    } else {
      asItIs(o);
    }
  }

  /** What is to be in a sum once. */
  private Optional<Weight> ofFirst(Optional<Weight> bias) {
    return rank == 0 ? bias : Optional.empty();
  }

  private static Weight part(Weight vector, Range own) {
    return vector.flat().part(own.from(), own.count());
  }

  private void attention(Op.Attention o) {
    Range heads = parts.of(o.out()).orElseThrow().of(rank, o.numHeads());
    Parts kv = Parts.shared(o.numKvHeads(), parts.of(o.out()).orElseThrow().ranges().size());
    AttentionShape shape = o.shape().withHeads(heads.count(), kv.ranges().get(rank).count());
    var keep = new Keep.Paged(o.keep().id(), shape.keyWidth(), shape.valueWidth(), o.keep().mask());
    var perHead =
        new Op.PerHead(o.sinks().map(w -> part(w, heads)), o.slopes().map(w -> part(w, heads)));
    Optional<Op.KeysValues> fresh =
        o.fresh().map(f -> new Op.KeysValues(in(f.k()), f.v().map(this::in)));
    ops.add(new Op.Attention(out(o), in(o.q()), fresh, keep, shape, perHead));
  }

  private void experts(ExpertOp.Experts o) {
    Range own = parts.of(o).of(rank, o.up().rows());
    ExpertOp.Stack down = o.down();
    var ownDown =
        new ExpertOp.Stack(
            down.weight().columns(own.from(), own.count()),
            down.experts(),
            down.from(),
            down.rows(),
            ofFirst(down.bias()));
    ops.add(
        new ExpertOp.Experts(
            summand(o),
            whole(o.x()),
            whole(o.routing()),
            o.used(),
            o.gate().map(gate -> rows(gate, own)),
            rows(o.up(), own),
            ownDown,
            o.gating(),
            o.sharesFirst()));
  }

  /** Some rows of every expert's matrix. */
  private static ExpertOp.Stack rows(ExpertOp.Stack stack, Range own) {
    int from = stack.from() + own.from();
    Weight weight = stack.weight().rowsOfEach(stack.step(), from, own.count());
    Optional<Weight> bias =
        stack
            .bias()
            .map(
                b ->
                    new Weight(b.name(), b.cols(), 1, b.type(), b.stored(), b.file())
                        .rowsOfEach(stack.step(), from, own.count())
                        .flat());
    return new ExpertOp.Stack(weight, stack.experts(), bias);
  }

  private void pointwise(PointwiseOp op) {
    switch (op) {
      case PointwiseOp.Scale o when summands.containsKey(o.x()) ->
          ops.add(new PointwiseOp.Scale(summand(o), summands.get(o.x()), o.factor()));
      case PointwiseOp.ScaleRows o when summands.containsKey(o.x()) -> {
        Value factor = whole(o.factor());
        ops.add(new PointwiseOp.ScaleRows(summand(o), summands.get(o.x()), factor));
      }
      case PointwiseOp.Add o when summands.containsKey(o.a()) && summands.containsKey(o.b()) ->
          ops.add(new PointwiseOp.Add(summand(o), summands.get(o.a()), summands.get(o.b())));
      case PointwiseOp.Gated o ->
          ops.add(new PointwiseOp.Gated(out(o), in(o.gate()), in(o.up()), o.gating()));
      case PointwiseOp.Activate o ->
          ops.add(new PointwiseOp.Activate(out(o), in(o.x()), o.activation()));
      case PointwiseOp.Scale o -> ops.add(new PointwiseOp.Scale(out(o), in(o.x()), o.factor()));
      case PointwiseOp.ScaleRows o ->
          ops.add(new PointwiseOp.ScaleRows(out(o), in(o.x()), whole(o.factor())));
      case PointwiseOp.SoftCap o -> ops.add(new PointwiseOp.SoftCap(out(o), in(o.x()), o.cap()));
      case PointwiseOp.Add o -> ops.add(new PointwiseOp.Add(out(o), in(o.a()), in(o.b())));
      case PointwiseOp.AddVector o ->
          ops.add(new PointwiseOp.AddVector(out(o), in(o.x()), ofColumns(o, o.vector())));
      case PointwiseOp.ScaleColumns o ->
          ops.add(new PointwiseOp.ScaleColumns(out(o), in(o.x()), ofColumns(o, o.vector())));
      case PointwiseOp.Slice o ->
          ops.add(new PointwiseOp.Slice(out(o), in(o.x()), o.group(), o.from()));
      case PointwiseOp.Join o ->
          ops.add(new PointwiseOp.Join(out(o), in(o.a()), o.aGroup(), in(o.b()), o.bGroup()));
    }
  }

  private Weight ofColumns(Op op, Weight vector) {
    return parts.of(op.out()).map(p -> part(vector, p.of(rank, op.out().width()))).orElse(vector);
  }

  /** What this rank has of a value: its part, or all of it. */
  private Value in(Value value) {
    return parts.of(value).isPresent() ? own(value) : whole(value);
  }

  private Value out(Op op) {
    return own(op.out());
  }

  private Value own(Value value) {
    return parts
        .of(value)
        .map(p -> new Value(value.id(), value.name(), p.of(rank, value.width()).count()))
        .orElse(value);
  }

  /** A value of its own for what this rank has of the sum. */
  private Value summand(Op op) {
    var part = new Value(nextId++, op.out().name() + " part", op.out().width());
    summands.put(op.out(), part);
    return part;
  }

  /** Adds it up now where it is a sum that was not. */
  private Value whole(Value value) {
    Value part = summands.remove(value);
    if (part != null) {
      ops.add(new Op.AllReduce(value, part));
    }
    return value;
  }
}
