package io.solebox.backend.cuda;

import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.BackendUnderTest;

/** The bounds of the numeric contract for this backend. */
interface CudaBounds extends BackendUnderTest {
  /** Quantized weights take activations of 8 bits, and tensor cores those of 16. */
  @Override
  default double tolerance(TensorType weights) {
    if (weights.isQuantized()) {
      return 1e-2;
    }
    return weights == TensorType.F32 ? 1e-5 : weights == TensorType.F16 ? 2e-3 : bf16Tolerance();
  }

  /** Prompts times bf16 weights: on tensor cores that round activations to bf16, or in f32. */
  double bf16Tolerance();

  @Override
  default int[] threadCounts() {
    return new int[] {1};
  }

  /**
   * A difference of one bit in a sum can round an activation to the next of its 255 steps; after
   * three layers two paths are about as far from each other (1 %) as each is from f32.
   */
  @Override
  default double stepTolerance() {
    return 3e-2;
  }

  /** Between decode batches it is ({@link DecodeInvariance}), to prefill it is not. */
  @Override
  default boolean batchInvariant() {
    return false;
  }

  /** Its kernels store f16 as it is; a row that meets an infinity is known as no number. */
  @Override
  default boolean saturatesCaches() {
    return false;
  }
}
