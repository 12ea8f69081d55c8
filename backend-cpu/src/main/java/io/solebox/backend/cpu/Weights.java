package io.solebox.backend.cpu;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Where a plan's matrices lie: repacked in memory of its own, or in the model's mapping.
 *
 * @param repacked those that are not used in place
 */
record Weights(Map<Weight, MemorySegment> repacked) {
  MemorySegment of(Weight weight) {
    MemorySegment own = repacked.get(weight);
    return own == null ? weight.data() : own;
  }
}
