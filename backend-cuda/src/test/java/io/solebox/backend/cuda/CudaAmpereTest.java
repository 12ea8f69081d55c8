package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;

class CudaAmpereTest extends CudaConformance {
  @Override
  public Backend open(int threads) {
    return FakeProviders.openAmpere();
  }

  @Override
  double bf16Tolerance() {
    return 5e-3;
  }
}
