package io.solebox.backend.cpu;

import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory of a plan, from shapes alone: what is estimated is what is allocated.
 *
 * @param buffers where activations and caches lie
 */
record Footprint(
    Graph graph,
    Limits limits,
    Kernels kernels,
    Program program,
    Schedule schedule,
    BufferPlan buffers) {
  static Footprint of(Graph graph, Limits limits, Kernels kernels) {
    Program program = Lowering.lower(graph, kernels, limits);
    Schedule schedule = Schedule.of(program);
    BufferPlan buffers = BufferPlan.of(program, schedule, limits);
    return new Footprint(graph, limits, kernels, program, schedule, buffers);
  }

  /** The matrices that the plan keeps in a layout of its own, with who brings them there. */
  Map<Weight, Repacker> repackers() {
    Map<Weight, Repacker> repackers = new HashMap<>();
    for (Op op : graph.ops()) {
      if (op instanceof Op.Linear o) {
        kernels.repacker(o.weight().type()).ifPresent(r -> repackers.put(o.weight(), r));
      }
    }
    return repackers;
  }

  long repackedBytes() {
    return repackers().entrySet().stream()
        .mapToLong(e -> aligned(e.getValue().bytes(e.getKey())))
        .sum();
  }

  /** Matrices begin on cache lines. */
  static long aligned(long bytes) {
    return (bytes + 63) / 64 * 64;
  }

  Estimate estimate(int threads) {
    long vectors = 0;
    for (Op op : graph.ops()) {
      vectors +=
          switch (op) {
            case Op.RmsNorm o -> o.gain().cols();
            case Op.Linear o -> o.bias().map(Weight::cols).orElse(0);
            case Op.Embed _, Op.TakeHidden _, Op.Rope _, Op.Attention _ -> 0;
            case Op.SwiGlu _, Op.Add _, Op.SelectRows _ -> 0;
          };
    }
    return new Estimate(
        Float.BYTES * vectors + repackedBytes(),
        buffers.kvBlockBytes(),
        buffers.scratchBytes() + kernels.sharedBytes(limits) + threads * kernels.threadBytes(this));
  }
}
