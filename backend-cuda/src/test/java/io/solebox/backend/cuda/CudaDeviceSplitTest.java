package io.solebox.backend.cuda;

import io.solebox.testkit.SplitConformance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Layers on as many real GPUs as there are, of one kind. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceSplitTest extends SplitConformance {
  @Override
  protected String backend() {
    return "cuda";
  }
}
