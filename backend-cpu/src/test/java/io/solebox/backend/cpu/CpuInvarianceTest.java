package io.solebox.backend.cpu;

import io.solebox.testkit.BatchInvariance;

class CpuInvarianceTest extends BatchInvariance {
  @Override
  protected String device() {
    return "cpu";
  }
}
