package io.solebox.backend.cpu;

import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Weight;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    BufferPlan buffers = BufferPlan.of(program, schedule, limits, graph.groups().size());
    return new Footprint(graph, limits, kernels, program, schedule, buffers);
  }

  /**
   * The matrices that the plan keeps in memory of its own, because their kernels want another
   * layout or the file has another format; with who brings them there.
   */
  Map<Weight, Repacker> repackers() {
    Map<Weight, Repacker> repackers = new HashMap<>();
    for (Weight.Use use : graph.uses()) {
      boolean multiplies =
          switch (use.role()) {
            case MATRIX, EXPERTS, ADAPTER -> true;
            case TABLE, POSITIONS, VECTOR -> false;
          };
      if (multiplies) {
        repacker(use.weight()).ifPresent(r -> repackers.put(use.weight(), r));
      }
    }
    return repackers;
  }

  private Optional<Repacker> repacker(Weight weight) {
    Optional<Repacker> own = kernels.repacker(weight.type());
    return own.isEmpty() && weight.isTranscoded() ? Optional.of(new Repacker.AsItIs()) : own;
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
    Set<Weight> repacked = repackers().keySet();
    long vectors = 0;
    long mapped = 0;
    for (Weight.Use use : graph.uses()) {
      vectors += use.role() == Weight.Role.VECTOR ? use.weight().elements() : 0;
    }
    for (Weight weight : graph.weights()) {
      mapped += repacked.contains(weight) ? 0 : weight.bytes();
    }
    return new Estimate(
        Float.BYTES * vectors + repackedBytes(),
        mapped,
        buffers.blockBytes(),
        buffers.sequenceBytes(),
        buffers.scratchBytes()
            + buffers.sumBytes()
            + kernels.sharedBytes(this)
            + threads * kernels.threadBytes(this));
  }
}
