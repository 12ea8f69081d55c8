package io.solebox.backend.cpu;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.BackendConformance;

class CpuBackendTest extends BackendConformance {
  @Override
  public Backend open(int threads) {
    return new CpuBackend(threads);
  }
}
