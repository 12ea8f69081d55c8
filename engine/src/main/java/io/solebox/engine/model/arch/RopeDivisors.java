package io.solebox.engine.model.arch;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.BlockLayouts;

/** Reads the per-pair divisors of rope frequencies. */
final class RopeDivisors {
  private RopeDivisors() {}

  static float[] read(Weight weight, int pairs) {
    if (weight.rows() != 1 || weight.cols() != pairs) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          weight.name(),
          "holds %d values where %d are needed.".formatted(weight.cols() * weight.rows(), pairs),
          "");
    }
    float[] divisors = new float[pairs];
    BlockLayouts.of(weight.type()).dequantize(weight.data(), 0, divisors, 0, pairs);
    return divisors;
  }
}
