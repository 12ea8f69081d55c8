package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.BackendConformance;
import io.solebox.testkit.Backends;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract, on a real GPU. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceTest extends BackendConformance implements CudaBounds {
  @Override
  public Backend open(int threads) {
    return Backends.open("cuda", threads);
  }

  /** Tensor cores take activations of 16 bits; where they know no bf16, f32 is better than this. */
  @Override
  public double bf16Tolerance() {
    return 5e-3;
  }
}
