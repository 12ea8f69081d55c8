package io.solebox.engine.model;

import io.solebox.engine.ErrorCode;
import io.solebox.engine.SoleboxException;
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
