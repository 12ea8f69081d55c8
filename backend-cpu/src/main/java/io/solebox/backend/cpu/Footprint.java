package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.Exercise;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * The memory of a plan, from shapes alone: what is estimated is what is allocated.
 *
 * @param buffers where activations lie
 */
record Footprint(Graph graph, Limits limits, Schedule schedule, BufferPlan buffers) {
  static Footprint of(Graph graph, Limits limits) {
    Schedule schedule = Schedule.of(graph);
    return new Footprint(graph, limits, schedule, BufferPlan.of(graph, schedule, limits));
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where the KV type does not suit the heads
   */
  KvLayout kvLayout(Op.Attention op) {
    if (limits.kvType() == KvType.Q8_0 && op.headDim() % 32 != 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "kv-type",
          "A q8_0 KV cache needs heads of a multiple of 32, and this model's have %d elements."
              .formatted(op.headDim()),
          "Use --kv-type f16.");
    }
    return new KvLayout(limits.kvType(), op.numKvHeads(), op.headDim());
  }

  AttentionKernel attentionKernel(Op.Attention op) {
    return new AttentionKernel(kvLayout(op), op.numHeads(), op.scale(), op.mask());
  }

  /** The kernels of the graph, each with a little data from {@code arena}. */
  List<Exercise> exercises(Arena arena) {
    var types = EnumSet.noneOf(TensorType.class);
    for (Op op : graph.ops()) {
      if (op instanceof Op.Linear o) {
        types.add(o.weight().type());
      }
    }
    var exercises = new ArrayList<Exercise>();
    for (TensorType type : types) {
      exercises.add(Exercise.linear(type, 7, arena));
      exercises.add(Exercise.linear(type, 1, arena));
    }
    exercises.add(Exercise.attention(limits.kvType(), arena));
    exercises.add(Exercise.pointwise(arena));
    exercises.add(Exercise.answers(arena));
    return exercises;
  }

  /** Floats of a rope table: cosine and sine of each pair, for each token of a step. */
  int ropeTableFloats(Op.Rope op) {
    return Math.multiplyExact(
        2 * limits.maxStepTokens(), op.rotation().inverseFrequencies().length);
  }

  Estimate estimate(int threads) {
    long vectors = 0;
    long kv = 0;
    long attention = 0;
    long tables = 0;
    for (Op op : graph.ops()) {
      switch (op) {
        case Op.RmsNorm o -> vectors += o.gain().cols();
        case Op.Linear o -> vectors += o.bias().map(b -> b.cols()).orElse(0);
        case Op.Attention o -> {
          kv += kvLayout(o).blockBytes();
          attention = Math.max(attention, attentionKernel(o).scratchBytes());
        }
        case Op.Rope o -> tables = Math.max(tables, ropeTableFloats(o));
        case Op.Embed _, Op.TakeHidden _, Op.SwiGlu _, Op.Add _, Op.SelectRows _ -> {}
      }
    }
    long scratch =
        buffers.bytes()
            + Float.BYTES * tables
            + threads * (LinearKernel.Scratch.bytes() + attention);
    return new Estimate(Float.BYTES * vectors, kv, scratch);
  }
}
