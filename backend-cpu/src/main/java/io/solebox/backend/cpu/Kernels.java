package io.solebox.backend.cpu;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of kernels that a plan can run: what they need, from shapes alone, and how to make their
 * steps. A plan uses one kind for its whole life.
 */
interface Kernels {
  /** For people, as in {@code 512-bit vectors}. */
  String describe();

  /** The loop that the read bandwidth is measured with. */
  BandwidthMeter.Reader reader();

  /** The weights that there are matrix products with. */
  Set<TensorType> computes();

  /** What matrix products with such weights take. */
  Encoding activations(TensorType weights);

  /** Who repacks such matrices at load; empty where they are used as the file has them. */
  Optional<Repacker> repacker(TensorType weights);

  /** Bytes that so many rows of a matrix take, of whole groups where it is repacked. */
  default long bytes(Weight weight, int rows) {
    return repacker(weight.type())
        .map(r -> (long) Math.ceilDiv(rows, r.groupRows()) * r.groupBytes(weight))
        .orElse(rows * weight.rowBytes());
  }

  /** Bytes of one block of an attention's cache. */
  long kvBlockBytes(Op.Attention op, KvType type);

  /** Bytes that the steps keep once for all threads. */
  long sharedBytes(Footprint footprint);

  /** Bytes that the steps keep for each thread. */
  long threadBytes(Footprint footprint);

  /**
   * @param arena lifetime of all memory that the steps need, shared by threads
   */
  StepFactory steps(Footprint footprint, Weights weights, Arena arena, int threads);
}
