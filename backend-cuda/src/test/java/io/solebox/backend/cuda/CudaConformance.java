package io.solebox.backend.cuda;

import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.BackendConformance;

/** The bounds of the numeric contract for this backend. */
abstract class CudaConformance extends BackendConformance {
  /** Quantized weights take activations of 8 bits, and tensor cores those of 16. */
  @Override
  public double tolerance(TensorType weights) {
    if (weights.isQuantized()) {
      return 1e-2;
    }
    return weights == TensorType.F32 ? 1e-5 : weights == TensorType.F16 ? 2e-3 : bf16Tolerance();
  }

  /** Prompts times bf16 weights: on tensor cores that round activations to bf16, or in f32. */
  abstract double bf16Tolerance();

  @Override
  public int[] threadCounts() {
    return new int[] {1};
  }

  /**
   * A difference of one bit in a sum can round an activation to the next of its 255 steps; after
   * three layers two paths are about as far from each other (1 %) as each is from f32.
   */
  @Override
  public double stepTolerance() {
    return 3e-2;
  }

  /** Between decode batches it is ({@link DecodeInvariance}), to prefill it is not. */
  @Override
  public boolean batchInvariant() {
    return false;
  }

  /** Its kernels store f16 as it is; a row that meets an infinity is known as no number. */
  @Override
  public boolean saturatesCaches() {
    return false;
  }
}
