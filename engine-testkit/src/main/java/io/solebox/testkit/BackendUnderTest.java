package io.solebox.testkit;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.engine.tensor.Transcoder;

/** What a backend's test class tells the conformance suite. */
public interface BackendUnderTest {
  /** Opens the backend; the suite closes it. */
  Backend open(int threads);

  /** A weight as the engine gives it to the backend: in a format that there are kernels for. */
  default Weight given(Backend backend, Weight weight) {
    return weight.as(Transcoder.nearest(weight.type(), backend.computes(Activations.AUTO)));
  }

  /** Largest error of a matrix product, relative to the norm of the result's row. */
  default double tolerance(TensorType weights) {
    return 1e-5;
  }

  /**
   * What a matrix product with such weights makes of a token's activations before it multiplies:
   * the error is measured against the product with these, so that a bound need not hold by chance.
   */
  default double[] activations(TensorType weights, double[] x) {
    return x;
  }

  /** Largest error of the other ops, relative to the norm of the result's row. */
  default double tolerance() {
    return 1e-5;
  }

  /**
   * Largest error of attention over a cache of this type that holds values which the type rounds,
   * relative to the norm of a head.
   */
  default double tolerance(KvType type) {
    return switch (type) {
      case F32 -> 1e-5;
      case F16 -> 2e-3;
      case Q8_0 -> 8e-2;
    };
  }

  /** Whether keys and values beyond the range of f16 are held at its ends, or become infinite. */
  default boolean saturatesCaches() {
    return true;
  }

  /** Numbers of threads to compare; one for a backend that does not compute with them. */
  default int[] threadCounts() {
    return new int[] {1, 2, 3};
  }

  /**
   * Whether a token's result is the same to the bit whatever shares its step, at any thread count.
   */
  default boolean batchInvariant() {
    return true;
  }

  /**
   * Largest distance between two ways to compute the same logits, as by decode and by prefill, for
   * a backend that is not invariant; relative to their norm.
   */
  default double stepTolerance() {
    return 1e-3;
  }
}
