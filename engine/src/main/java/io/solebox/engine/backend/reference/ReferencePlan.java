package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** One array per value, one pass over the ops per step. */
final class ReferencePlan implements Plan {
  private final Graph graph;
  private final int kvBlocks;
  private final Map<Integer, ReferenceKvCache> caches = new HashMap<>(); // by layer
  private final float[][] values; // by value id, [T, width]

  ReferencePlan(Graph graph, Limits limits, int kvBlocks) {
    this.graph = graph;
    this.kvBlocks = kvBlocks;
    this.values = new float[graph.valueCount()][];
    int tokens = Math.max(limits.maxStepTokens(), limits.maxRows());
    for (Op op : graph.ops()) {
      values[op.out().id()] = new float[tokens * op.out().width()];
      if (op instanceof Op.Attention a) {
        caches.put(
            a.layer(),
            new ReferenceKvCache(kvBlocks, a.numKvHeads() * a.headDim(), limits.kvType()));
      }
    }
  }

  @Override
  public int kvBlocks() {
    return kvBlocks;
  }

  @Override
  public void run(Batch batch, Outputs outputs) {
    int rows = batch.size();
    for (Op op : graph.ops()) {
      if (op instanceof Op.SelectRows) {
        rows = batch.rows().size();
      }
      step(op, batch, rows);
    }
    switch (graph.end()) {
      case Graph.End.Rows end -> answer(end, batch, outputs);
      case Graph.End.Hidden(var hidden) -> {
        int n = batch.size() * hidden.width();
        MemorySegment.copy(of(hidden), 0, outputs.stageHidden(), ValueLayout.JAVA_FLOAT, 0, n);
      }
    }
  }

  private void step(Op op, Batch batch, int rows) {
    float[] out = of(op.out());
    switch (op) {
      case Op.Embed e -> ReferenceKernels.embed(e, batch.tokens(), out);
      case Op.TakeHidden t -> takeHidden(t, batch, out);
      case Op.RmsNorm n -> ReferenceKernels.rmsNorm(n, of(n.x()), rows, out);
      case Op.Linear l -> ReferenceKernels.linear(l, of(l.x()), rows, out);
      case Op.Rope r -> ReferenceKernels.rope(r, of(r.x()), batch.positions(), out);
      case Op.Attention a -> attention(a, batch, out);
      case Op.SwiGlu s -> ReferenceKernels.swiGlu(of(s.gate()), of(s.up()), rows * width(op), out);
      case Op.Add a -> ReferenceKernels.add(of(a.a()), of(a.b()), rows * width(op), out);
      case Op.SelectRows s -> selectRows(s, batch, out);
    }
  }

  private void takeHidden(Op.TakeHidden op, Batch batch, float[] out) {
    switch (batch.input()) {
      case Batch.Input.Tokens _ ->
          throw new IllegalArgumentException("a later stage needs the hidden state of the first");
      case Batch.Input.Hidden(var hidden) ->
          MemorySegment.copy(
              hidden, ValueLayout.JAVA_FLOAT, 0, out, 0, batch.size() * op.out().width());
    }
  }

  private void attention(Op.Attention op, Batch batch, float[] out) {
    ReferenceKvCache cache = caches.get(op.layer());
    cache.write(batch, of(op.k()), of(op.v()));
    ReferenceKernels.attention(op, of(op.q()), batch, cache, out);
  }

  private void selectRows(Op.SelectRows op, Batch batch, float[] out) {
    int width = op.out().width();
    for (int i = 0; i < batch.rows().size(); i++) {
      System.arraycopy(of(op.x()), batch.rows().get(i).token() * width, out, i * width, width);
    }
  }

  private void answer(Graph.End.Rows end, Batch batch, Outputs outputs) {
    int vocab = end.logits().width();
    int width = end.hidden().width();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment logits = arena.allocate(ValueLayout.JAVA_FLOAT, vocab);
      MemorySegment hidden = arena.allocate(ValueLayout.JAVA_FLOAT, width);
      for (int i = 0; i < batch.rows().size(); i++) {
        MemorySegment.copy(of(end.logits()), i * vocab, logits, ValueLayout.JAVA_FLOAT, 0, vocab);
        MemorySegment.copy(of(end.hidden()), i * width, hidden, ValueLayout.JAVA_FLOAT, 0, width);
        RowPicker.answer(batch.rows().get(i), logits, hidden, outputs, i);
      }
    }
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
