package io.solebox.backend.cpu;

import io.solebox.testkit.BatchInvariance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuInvarianceTest extends BatchInvariance {
  @Override
  protected String device() {
    return "cpu";
  }
}
