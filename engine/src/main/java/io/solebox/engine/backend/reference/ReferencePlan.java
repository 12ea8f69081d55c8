package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.HiddenPlace;
import io.solebox.engine.backend.InputSquares;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.StepCheck;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** One array per value, one pass over the ops per step. */
final class ReferencePlan implements Plan {
  private final Graph graph;
  private final StepCheck check;
  private final List<Integer> kvBlocks;
  private final int slots;
  private final Map<Integer, ReferenceKvCache> caches = new HashMap<>(); // by keep id
  private final Map<Integer, float[][]> states = new HashMap<>(); // by keep id, [slots][floats]
  private final ReferenceWatch watch;
  private final ReferenceExchange.Seat seat;
  private final float[][] values; // by value id, [T, width]

  /**
   * @param seat where it adds up what other ranks have of sums
   */
  ReferencePlan(
      Graph graph, Limits limits, List<Integer> kvBlocks, int slots, ReferenceExchange.Seat seat) {
    this.graph = graph;
    this.seat = seat;
    this.check = new StepCheck(graph, limits);
    this.kvBlocks = kvBlocks;
    this.slots = slots;
    this.watch = new ReferenceWatch(graph.watched());
    this.values = new float[graph.valueCount()][];
    int tokens = Math.max(limits.maxStepTokens(), limits.maxRows());
    for (Op op : graph.ops()) {
      values[op.out().id()] = new float[tokens * op.out().width()];
    }
    for (Keep keep : graph.keeps()) {
      switch (keep) {
        case Keep.Paged p -> {
          int group = graph.groupOf(p);
          caches.put(p.id(), new ReferenceKvCache(p, group, kvBlocks.get(group), limits.kvType()));
        }
        case Keep.Slot s -> states.put(s.id(), new float[slots][Math.toIntExact(s.floats())]);
      }
    }
  }

  @Override
  public List<Integer> kvBlocks() {
    return kvBlocks;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public void copySlot(int from, int to) {
    StepCheck.requireSlots(from, to, this);
    for (float[][] state : states.values()) {
      System.arraycopy(state[from], 0, state[to], 0, state[to].length);
    }
  }

  @Override
  public long bytes(KeptPlace place) {
    return parts(place).stream().mapToLong(MemorySegment::byteSize).sum();
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    StepCheck.requirePlace(place, to, this);
    long at = 0;
    for (MemorySegment part : parts(place)) {
      MemorySegment.copy(part, 0, to, at, part.byteSize());
      at += part.byteSize();
    }
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    StepCheck.requirePlace(place, from, this);
    long at = 0;
    for (MemorySegment part : parts(place)) {
      MemorySegment.copy(from, at, part, 0, part.byteSize());
      at += part.byteSize();
    }
  }

  /** Where a place lies, in the order of the keeps. */
  private List<MemorySegment> parts(KeptPlace place) {
    var parts = new ArrayList<MemorySegment>();
    for (Keep keep : graph.keeps()) {
      switch (keep) {
        case Keep.Paged p -> {
          if (place instanceof KeptPlace.Block(int group, int block) && group == graph.groupOf(p)) {
            parts.addAll(caches.get(p.id()).block(block));
          }
        }
        case Keep.Slot s -> {
          if (place instanceof KeptPlace.Slot(int slot)) {
            parts.add(MemorySegment.ofArray(states.get(s.id())[slot]));
          }
        }
      }
    }
    return parts;
  }

  @Override
  public List<InputSquares> inputSquares() {
    return watch.read();
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    check.require(batch, this);
    boolean[] perRow = graph.perRow();
    for (Op op : graph.ops()) {
      step(op, batch, perRow[op.out().id()] ? batch.rows().size() : batch.size());
    }
    switch (graph.end()) {
      case Graph.End.Rows end -> answer(end, batch, outputs);
      case Graph.End.Hidden(var hidden) -> {
        int n = batch.size() * hidden.width();
        MemorySegment to = HiddenPlace.hostRows(outputs.stageHidden());
        MemorySegment.copy(of(hidden), 0, to, ValueLayout.JAVA_FLOAT, 0, n);
      }
      case Graph.End.Elsewhere _ -> {}
    }
  }

  private void step(Op op, Batch batch, int rows) {
    float[] out = of(op.out());
    switch (op) {
      case Op.Embed e -> ReferenceKernels.embed(e.table(), batch.tokens(), out);
      case Op.EmbedPosition e -> ReferenceKernels.embed(e.table(), batch.positions(), out);
      case Op.TakeHidden t -> takeHidden(t, batch, out);
      case Op.RmsNorm n -> ReferenceKernels.rmsNorm(n, of(n.x()), rows, out);
      case Op.LayerNorm n -> ReferenceKernels.layerNorm(n, of(n.x()), rows, out);
      case Op.Linear l -> {
        watch.rows(l, l.x(), l.weight(), of(l.x()), rows);
        ReferenceKernels.linear(l, of(l.x()), rows, out);
      }
      case Op.HeadLinear l -> {
        watch.rows(l, l.x(), l.weight(), of(l.x()), rows);
        ReferenceKernels.headLinear(l, of(l.x()), rows, out);
      }
      case Op.Rope r -> ReferenceKernels.rope(r, of(r.x()), batch.positions(), out);
      case Op.ScaleByPosition s ->
          ReferenceKernels.scaleByPosition(s, of(s.x()), batch.positions(), out);
      case Op.Attention a -> attention(a, batch, out);
      case Op.SelectRows s -> selectRows(s, batch, out);
      case Op.MeanRows m -> ReferenceKernels.meanRows(of(m.x()), width(op), batch, out);
      case Op.AllReduce a -> seat.sum(of(a.x()), rows * width(op), out);
      case PointwiseOp p -> ReferencePointwise.run(p, this::of, rows, out);
      case ExpertOp.Route r -> ReferenceExperts.route(r, of(r.logits()), rows, out);
      case ExpertOp.Experts e ->
          ReferenceExperts.experts(e, of(e.x()), of(e.routing()), rows, out, watch);
      case LowRank l -> lowRank(l, batch, rows, out);
      case StateOp s -> ReferenceStates.run(s, this::of, batch, states.get(s.keep().id()), out);
    }
  }

  private void takeHidden(Op.TakeHidden op, Batch batch, float[] out) {
    switch (batch.input()) {
      case Batch.Input.Tokens _ ->
          throw new IllegalArgumentException("a later stage needs the hidden state of the first");
      case Batch.Input.Hidden(var place) ->
          MemorySegment.copy(
              HiddenPlace.hostRows(place),
              ValueLayout.JAVA_FLOAT,
              0,
              out,
              0,
              batch.size() * op.out().width());
    }
  }

  private void attention(Op.Attention op, Batch batch, float[] out) {
    ReferenceKvCache cache = caches.get(op.keep().id());
    op.fresh().ifPresent(fresh -> cache.write(batch, of(fresh.k()), fresh.v().map(this::of)));
    ReferenceKernels.attention(op, of(op.q()), batch, cache, out);
  }

  private void lowRank(LowRank op, Batch batch, int rows, float[] out) {
    boolean perRow = graph.perRow()[op.out().id()];
    IntUnaryOperator variantOf = perRow ? batch::variantOfRow : batch::variant;
    ReferenceKernels.lowRank(op, of(op.y()), of(op.x()), rows, variantOf, out);
  }

  private void selectRows(Op.SelectRows op, Batch batch, float[] out) {
    int width = op.out().width();
    for (int i = 0; i < batch.rows().size(); i++) {
      System.arraycopy(of(op.x()), batch.rows().get(i).token() * width, out, i * width, width);
    }
  }

  private void answer(Graph.End.Rows end, Batch batch, Outputs outputs) {
    try (Arena arena = Arena.ofConfined()) {
      for (int slot = 0; slot < batch.rows().size(); slot++) {
        RowRequest request = batch.rows().get(slot);
        if (request instanceof RowRequest.Hidden) {
          copy(end.hidden(), slot, outputs.dense(slot));
        } else {
          Value logits = end.logits().orElseThrow();
          MemorySegment row = arena.allocate(ValueLayout.JAVA_FLOAT, logits.width());
          copy(logits, slot, row);
          RowPicker.answer(request, row, outputs, slot);
        }
      }
    }
  }

  private void copy(Value value, int row, MemorySegment to) {
    int n = value.width();
    MemorySegment.copy(of(value), row * n, to, ValueLayout.JAVA_FLOAT, 0, n);
  }

  private float[] of(Value value) {
    return values[value.id()];
  }

  private static int width(Op op) {
    return op.out().width();
  }

  @Override
  public void close() {}
}
