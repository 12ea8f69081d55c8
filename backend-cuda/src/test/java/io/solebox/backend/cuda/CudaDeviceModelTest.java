package io.solebox.backend.cuda;

import io.solebox.testkit.ModelConformance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whole models, on a real GPU. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceModelTest extends ModelConformance {
  @Override
  protected String device() {
    return "cuda";
  }

  @Override
  protected boolean quantizesActivations() {
    return true;
  }

  @Override
  protected boolean offersF32Activations() {
    return false;
  }
}
