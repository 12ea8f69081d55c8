package io.solebox.backend.cuda;

import io.solebox.testkit.ModelConformance;

class CudaAmpereModelTest extends ModelConformance {
  @Override
  protected String device() {
    return "ampere";
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
