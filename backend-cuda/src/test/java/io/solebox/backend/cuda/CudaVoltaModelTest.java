package io.solebox.backend.cuda;

import io.solebox.testkit.ModelConformance;

class CudaVoltaModelTest extends ModelConformance {
  @Override
  protected String device() {
    return "volta";
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
