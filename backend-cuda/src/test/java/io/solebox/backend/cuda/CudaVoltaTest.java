package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;

class CudaVoltaTest extends CudaConformance {
  @Override
  public Backend open(int threads) {
    return FakeProviders.openVolta();
  }

  @Override
  double bf16Tolerance() {
    return 1e-5;
  }
}
