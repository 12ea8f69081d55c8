package io.solebox.backend.cpu;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.BackendConformance;
import java.util.Arrays;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({KernelsOfThisMachine.class, NarrowerVectors.class})
class CpuBackendTest extends BackendConformance {
  private static final int BLOCK = 32;

  private final Kernels kernels = CpuBackend.kernels(KernelChoice.ofProperty());

  @Override
  public Backend open(int threads) {
    return new CpuBackend(threads);
  }

  @Override
  public double[] activations(TensorType weights, double[] x) {
    return switch (kernels.activations(weights)) {
      case F32 -> x;
      case BF16 -> Arrays.stream(x).map(CpuBackendTest::bf16).toArray();
      case INT8, CODES4, CODES5, CODES6 -> blocksOf8Bits(x);
    };
  }

  /** Nearest, ties to even. */
  private static double bf16(double x) {
    int bits = Float.floatToRawIntBits((float) x);
    return Float.intBitsToFloat((bits + 0x7FFF + (bits >>> 16 & 1)) & 0xFFFF0000);
  }

  /** Each block of 32 in steps of its largest divided by 127. */
  private static double[] blocksOf8Bits(double[] x) {
    double[] out = new double[x.length];
    for (int at = 0; at < x.length; at += BLOCK) {
      float max = 0;
      for (int i = at; i < at + BLOCK; i++) {
        max = Math.max(max, Math.abs((float) x[i]));
      }
      float inverse = max > 0 ? 127 / max : 0;
      for (int i = at; i < at + BLOCK; i++) {
        out[i] = Math.rint((float) x[i] * inverse) * (max / 127);
      }
    }
    return out;
  }
}
