package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns op records into steps bound to memory, phase by phase. */
final class PlanCompiler {
  /** Q8_0 scales, f16 pairs and the like are read at any address; buffers start on cache lines. */
  private static final long ALIGNMENT = 64;

  private final Footprint footprint;
  private final Arena arena;
  private final int kvBlocks;
  private final MemorySegment memory;
  private final LinearKernel.Scratch[] linearScratch;
  private final int threads;
  private final List<List<Step>> phases = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<SharedScratch> attentionScratch = new ArrayList<>();

  /** One table of sines serves all ops with the same rotation. */
  private record Table(Rotation rotation, float[] values) {}

  private record SharedScratch(int headDim, int headsPerKv, AttentionKernel.Scratch[] perWorker) {}

  /**
   * @param arena lifetime of all memory, shared by threads
   */
  PlanCompiler(Footprint footprint, Arena arena, int kvBlocks, int threads) {
    this.footprint = footprint;
    this.arena = arena;
    this.kvBlocks = kvBlocks;
    this.threads = threads;
    this.memory = arena.allocate(Math.max(1, footprint.buffers().bytes()), ALIGNMENT);
    this.linearScratch = new LinearKernel.Scratch[threads];
    Arrays.setAll(linearScratch, _ -> new LinearKernel.Scratch());
  }

  /** The steps of each phase; those of one phase run in any order. */
  List<List<Step>> compile() {
    Schedule schedule = footprint.schedule();
    for (int i = 0; i < schedule.phases(); i++) {
      phases.add(new ArrayList<>());
    }
    List<Op> ops = footprint.graph().ops();
    for (int i = 0; i < ops.size(); i++) {
      compile(ops.get(i), schedule.phaseOfOp()[i]);
    }
    return phases;
  }

  /** Answers to row requests, in the last phase. Empty for a stage that gives a hidden state. */
  List<AnswerStep> compileAnswers() {
    return switch (footprint.graph().end()) {
      case Graph.End.Rows end -> {
        var step = new AnswerStep(buffer(end.hidden()), buffer(end.logits()));
        phases.getLast().add(step);
        yield List.of(step);
      }
      case Graph.End.Hidden _ -> List.of();
    };
  }

  Buffer buffer(Value v) {
    return footprint.buffers().buffer(v, memory, footprint.limits());
  }

  private void compile(Op op, int phase) {
    List<Step> steps = phases.get(phase);
    Buffer out = buffer(op.out());
    switch (op) {
      case Op.Embed o -> {
        steps.add(new PointwiseSteps.Embed(out, o.table(), linearScratch));
      }
      case Op.TakeHidden _ -> {
        // The plan copies it in before the walk: the segment may be confined to the calling thread.
      }
      case Op.RmsNorm o ->
          steps.add(new PointwiseSteps.Norm(buffer(o.x()), out, vector(o.gain()), o.eps()));
      case Op.Linear o -> steps.add(linear(o, out));
      case Op.Rope o ->
          steps.add(
              new PointwiseSteps.Rope(buffer(o.x()), out, o.headDim(), o.rotation(), ropeTable(o)));
      case Op.Attention o -> attention(o, out, phase);
      case Op.SwiGlu o ->
          steps.add(new PointwiseSteps.SwiGlu(buffer(o.gate()), buffer(o.up()), out));
      case Op.Add o -> steps.add(new PointwiseSteps.Add(buffer(o.a()), buffer(o.b()), out));
      case Op.SelectRows o -> steps.add(new PointwiseSteps.SelectRows(buffer(o.x()), out));
    }
  }

  private Step linear(Op.Linear o, Buffer out) {
    Weight w = o.weight();
    float[] bias = o.bias().map(PlanCompiler::vector).orElseGet(() -> new float[0]);
    var kernel = new LinearKernel(w.type(), w.data(), w.rows(), w.cols(), bias);
    return new LinearStep(buffer(o.x()), out, kernel, threads, linearScratch);
  }

  private static float[] vector(Weight w) {
    return EmbedKernel.vector(w.type(), w.data(), w.cols());
  }

  /** The first rope with a rotation also adds the step that fills its table, in the first phase. */
  private float[] ropeTable(Op.Rope o) {
    for (Table table : tables) {
      if (same(table.rotation(), o.rotation())) {
        return table.values();
      }
    }
    var table = new Table(o.rotation(), new float[footprint.ropeTableFloats(o)]);
    tables.add(table);
    phases.getFirst().add(new PointwiseSteps.RopeTable(table.rotation(), table.values()));
    return table.values();
  }

  private static boolean same(Rotation a, Rotation b) {
    return a.magnitude() == b.magnitude()
        && Arrays.equals(a.inverseFrequencies(), b.inverseFrequencies());
  }

  private void attention(Op.Attention o, Buffer out, int phase) {
    KvLayout layout = footprint.kvLayout(o);
    MemorySegment cache = arena.allocate(layout.blockBytes() * kvBlocks, ALIGNMENT);
    phases.get(phase).add(new AttentionSteps.Store(buffer(o.k()), buffer(o.v()), cache, layout));
    AttentionKernel kernel = footprint.attentionKernel(o);
    var scratch = attentionScratch(o, kernel);
    phases
        .get(phase + 1)
        .add(new AttentionSteps.Attend(buffer(o.q()), out, cache, layout, kernel, scratch));
  }

  private AttentionKernel.Scratch[] attentionScratch(Op.Attention o, AttentionKernel kernel) {
    int headsPerKv = o.numHeads() / o.numKvHeads();
    for (SharedScratch s : attentionScratch) {
      if (s.headDim() == o.headDim() && s.headsPerKv() == headsPerKv) {
        return s.perWorker();
      }
    }
    var perWorker = new AttentionKernel.Scratch[threads];
    Arrays.setAll(perWorker, _ -> kernel.scratch());
    attentionScratch.add(new SharedScratch(o.headDim(), headsPerKv, perWorker));
    return perWorker;
  }
}
