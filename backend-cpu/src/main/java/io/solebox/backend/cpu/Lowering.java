package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Team;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns op records into tasks. Adds those that no op asks for: the conversion of activations to
 * what the kernels of the matrix products take, once for all that read them, and the table of sines
 * that all ropes of one rotation share. Attention becomes two tasks, since all keys and values are
 * stored before any token attends.
 */
final class Lowering {
  private static final String ALONE = "ranks are refused";

  private final Graph graph;
  private final Kernels kernels;
  private final Limits limits;
  private final TaskList tasks = new TaskList();
  private final WatchLowering watch;
  private final ExpertLowering experts;
  private final Map<Value, Set<Encoding>> wanted = new HashMap<>();
  private final List<Table> tables = new ArrayList<>();
  private Optional<Slot> takes = Optional.empty();

  private record Table(Rotation rotation, Slot slot) {}

  private Lowering(Graph graph, Kernels kernels, Limits limits) {
    this.graph = graph;
    this.kernels = kernels;
    this.limits = limits;
    this.watch = new WatchLowering(tasks, graph.watched());
    this.experts = new ExpertLowering(tasks, kernels, watch);
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} for a rank of a
   *     graph that was cut for several devices
   */
  static Program lower(Graph graph, Kernels kernels, Limits limits) {
    Team.requireWhole(graph);
    return new Lowering(graph, kernels, limits).lower();
  }

  private Program lower() {
    graph.ops().forEach(this::announce);
    for (Op op : graph.ops()) {
      add(op);
      wanted.getOrDefault(op.out(), Set.of()).forEach(encoding -> encode(op.out(), encoding));
    }
    Program.Result result = end(graph.end());
    return new Program(tasks.tasks(), tasks.count(), tasks.kept(), takes, watch.all(), result);
  }

  /** What an op will ask of those before it. */
  private void announce(Op op) {
    if (op instanceof Op.Linear o) {
      want(o.x(), o.weight());
    }
    if (op instanceof ExpertOp.Experts o && !o.sharesFirst()) {
      want(o.x(), o.up().weight());
      o.gate().ifPresent(gate -> want(o.x(), gate.weight()));
    }
    if (op instanceof Op.Rope o) {
      table(o.rotation());
    }
  }

  private void want(Value x, Weight weight) {
    wanted.computeIfAbsent(x, _ -> EnumSet.noneOf(Encoding.class)).add(activations(weight));
  }

  private void add(Op op) {
    switch (op) {
      case Op.Embed o ->
          tasks.rowwise(
              tasks.slot(o.out(), Domain.TOKENS), List.of(), (s, _, out) -> s.embed(o, out));
      case Op.EmbedPosition o ->
          tasks.rowwise(
              tasks.slot(o.out(), Domain.TOKENS),
              List.of(),
              (s, _, out) -> s.embedPosition(o, out));
      case Op.TakeHidden o -> takeHidden(o);
      case Op.RmsNorm o -> rowwise(o, (s, in, out) -> s.norm(o, in.getFirst(), out));
      case Op.LayerNorm o -> rowwise(o, (s, in, out) -> s.norm(o, in.getFirst(), out));
      case Op.Linear o -> {
        Slot x = tasks.of(o.x(), activations(o.weight()));
        Slot out = tasks.slot(o.out(), x.domain());
        tasks.whole(out, List.of(x), (s, in, y) -> s.linear(o, in.getFirst(), y));
        watch.rows(tasks.of(o.x()), o.weight());
      }
      case Op.HeadLinear o -> experts.heads(o);
      case Op.Rope o -> {
        Slot x = tasks.of(o.x());
        tasks.rowwise(
            tasks.slot(o.out(), x.domain()),
            List.of(x, table(o.rotation())),
            (s, in, out) -> s.rope(o, in.get(0), in.get(1), out));
      }
      case Op.ScaleByPosition o ->
          rowwise(o, (_, in, out) -> new CopySteps.ScaleByPosition(o, in.getFirst(), out));
      case Op.Attention o -> attention(o);
      case Op.SelectRows o -> selectRows(o);
      case Op.MeanRows o ->
          tasks.whole(
              tasks.slot(o.out(), Domain.REQUESTS),
              List.of(tasks.of(o.x())),
              (_, in, y) -> new MeanRowsStep(in.getFirst(), y));
      case Op.AllReduce _ -> throw new AssertionError(ALONE);
      case PointwiseOp o -> pointwise(o);
      case ExpertOp.Route o ->
          rowwise(o, (s, in, out) -> RouteStep.of(o, in.getFirst(), out, s.threads()));
      case ExpertOp.Experts o -> experts.experts(o);
      case StateOp o -> state(o);
      case LowRank o -> lowRank(o);
    }
  }

  private void lowRank(LowRank o) {
    Slot x = tasks.of(o.x());
    Slot y = tasks.of(o.y());
    Slot inner = tasks.floats(o.maxRank(), x.domain());
    tasks.whole(
        inner,
        List.of(x),
        (s, in, out) -> LowRankStep.down(o, c -> s.product(c.a()), in.getFirst(), out));
    tasks.whole(
        tasks.slot(o.out(), y.domain()),
        List.of(y, inner),
        (s, in, out) -> LowRankStep.up(o, c -> s.product(c.b()), in.get(0), in.get(1), out));
  }

  private void pointwise(PointwiseOp op) {
    switch (op) {
      case PointwiseOp.Gated o ->
          rowwise(o, (s, in, out) -> s.gated(o.gating(), in.get(0), in.get(1), out));
      case PointwiseOp.Activate o ->
          rowwise(o, (s, in, out) -> s.activate(o.activation(), in.getFirst(), out));
      case PointwiseOp.Scale o ->
          rowwise(o, (s, in, out) -> s.scale(o.factor(), in.getFirst(), out));
      case PointwiseOp.SoftCap o ->
          rowwise(o, (s, in, out) -> s.softCap(o.cap(), in.getFirst(), out));
      case PointwiseOp.ScaleRows o ->
          rowwise(o, (_, in, out) -> new CopySteps.ScaleRows(in.get(0), in.get(1), out));
      case PointwiseOp.Add o -> rowwise(o, (s, in, out) -> s.add(in.get(0), in.get(1), out));
      case PointwiseOp.AddVector o ->
          rowwise(
              o,
              (_, in, out) ->
                  new CopySteps.AddVector(in.getFirst(), EmbedKernel.vector(o.vector()), out));
      case PointwiseOp.ScaleColumns o ->
          rowwise(
              o,
              (_, in, out) ->
                  new CopySteps.ScaleColumns(in.getFirst(), EmbedKernel.vector(o.vector()), out));
      case PointwiseOp.Slice o ->
          rowwise(o, (_, in, out) -> new CopySteps.Slice(o, in.getFirst(), out));
      case PointwiseOp.Join o ->
          rowwise(o, (_, in, out) -> new CopySteps.Join(o, in.get(0), in.get(1), out));
    }
  }

  /** An op that treats each row by itself, whatever the rows stand for. */
  private void rowwise(Op op, Task.Maker<RowStep> maker) {
    List<Slot> reads = op.inputs().stream().map(tasks::of).toList();
    tasks.rowwise(tasks.slot(op.out(), reads.getFirst().domain()), reads, maker);
  }

  private void takeHidden(Op.TakeHidden op) {
    Slot out = tasks.slot(op.out(), Domain.TOKENS);
    tasks.add(new Task.Given(out));
    takes = Optional.of(out);
  }

  private void selectRows(Op.SelectRows op) {
    tasks.rowwise(
        tasks.slot(op.out(), Domain.REQUESTS),
        List.of(tasks.of(op.x())),
        (_, in, y) -> new SelectRowsStep(in.getFirst(), y));
  }

  private Encoding activations(Weight weight) {
    return kernels.activations(weight.type());
  }

  private void attention(Op.Attention o) {
    var domain = new Domain.Blocks(graph.groupOf(o.keep()));
    Slot cache = tasks.kept(o.keep(), kernels.kvBlockBytes(o, limits.kvType()), domain);
    o.fresh()
        .ifPresent(
            fresh -> {
              List<Slot> reads = new ArrayList<>();
              reads.add(tasks.of(fresh.k()));
              fresh.v().ifPresent(v -> reads.add(tasks.of(v)));
              tasks.add(
                  new Task.Rowwise(
                      cache,
                      reads,
                      Domain.TOKENS,
                      (s, in, out) -> s.store(o, in.getFirst(), second(in), out)));
            });
    tasks.whole(
        tasks.slot(o.out(), Domain.TOKENS),
        List.of(tasks.of(o.q()), cache),
        (s, in, y) -> s.attend(o, in.get(0), in.get(1), y));
  }

  private static Optional<Buffer> second(List<Buffer> in) {
    return in.size() > 1 ? Optional.of(in.get(1)) : Optional.empty();
  }

  private void state(StateOp op) {
    Slot state = tasks.kept(op.keep(), Float.BYTES * op.keep().floats(), Domain.SLOTS);
    Slot out = tasks.slot(op.out(), Domain.TOKENS);
    List<Slot> reads = new ArrayList<>(op.inputs().stream().map(tasks::of).toList());
    reads.add(state);
    switch (op) {
      case StateOp.ShortConv o -> {
        tasks.whole(out, reads, (_, in, y) -> ShortConvStep.of(o, in.get(0), in.get(1), y));
        keepInputs(o, reads.getFirst(), out, state);
      }
      case StateOp.GatedDelta o ->
          tasks.whole(
              out,
              reads,
              (s, in, y) ->
                  new DeltaStep(
                      o,
                      new DeltaStep.In(in.get(0), in.get(1), in.get(2), y),
                      in.get(3),
                      in.get(4),
                      in.get(5),
                      EmbedKernel.vector(o.bias()),
                      EmbedKernel.vector(o.rate()),
                      s.deltaKernel()));
      case StateOp.SelectiveScan o ->
          tasks.whole(
              out,
              reads,
              (s, in, y) ->
                  new ScanStep(
                      o,
                      new ScanStep.In(in.get(0), in.get(1), in.get(2), y),
                      in.get(3),
                      in.get(4),
                      EmbedKernel.vector(o.bias()),
                      EmbedKernel.vector(o.rate()),
                      EmbedKernel.vector(o.skip()),
                      s.scanKernel()));
    }
  }

  /** All rows read the state that the step before left; then the last of them become the state. */
  private void keepInputs(StateOp.ShortConv o, Slot x, Slot out, Slot state) {
    tasks.whole(
        tasks.newSlot(0, 0, Domain.TOKENS),
        List.of(x, out, state),
        (_, in, _) -> new KeepInputsStep(in.get(0), in.get(2), o.taps() - 1));
  }

  private void encode(Value v, Encoding encoding) {
    if (encoding == Encoding.F32) {
      return;
    }
    Slot x = tasks.of(v);
    Slot out = tasks.newSlot(v.width(), encoding.bytes(v.width()), x.domain());
    tasks.put(v, encoding, out);
    tasks.rowwise(out, List.of(x), (s, in, y) -> s.encode(in.getFirst(), encoding, y));
  }

  /** The table of a rotation: the cosine and the sine of each pair, for each token of a step. */
  private Slot table(Rotation rotation) {
    for (Table table : tables) {
      if (same(table.rotation(), rotation)) {
        return table.slot();
      }
    }
    Slot out = tasks.floats(2 * rotation.inverseFrequencies().length, Domain.TOKENS);
    tables.add(new Table(rotation, out));
    tasks.rowwise(out, List.of(), (_, _, y) -> new RopeTableStep(rotation, y));
    return out;
  }

  private static boolean same(Rotation a, Rotation b) {
    return a.magnitude() == b.magnitude()
        && Arrays.equals(a.inverseFrequencies(), b.inverseFrequencies());
  }

  private Program.Result end(Graph.End end) {
    return switch (end) {
      case Graph.End.Rows e -> {
        Slot hidden = tasks.of(e.hidden());
        Optional<Slot> logits = e.logits().map(tasks::of);
        logits.ifPresent(l -> answers(hidden, l));
        yield new Program.Result.Rows(hidden, logits);
      }
      case Graph.End.Hidden e -> new Program.Result.Hidden(tasks.of(e.hidden()));
      case Graph.End.Elsewhere _ -> throw new AssertionError(ALONE);
    };
  }

  private void answers(Slot hidden, Slot logits) {
    Slot none = tasks.newSlot(0, 0, Domain.REQUESTS);
    tasks.whole(none, List.of(hidden, logits), (s, in, _) -> s.answers(in.get(1)));
  }
}
