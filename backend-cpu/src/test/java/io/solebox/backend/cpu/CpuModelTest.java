package io.solebox.backend.cpu;

import io.solebox.testkit.ModelConformance;

class CpuModelTest extends ModelConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
