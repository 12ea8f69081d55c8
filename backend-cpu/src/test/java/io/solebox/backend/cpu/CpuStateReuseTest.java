package io.solebox.backend.cpu;

import io.solebox.testkit.StateReuseConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuStateReuseTest extends StateReuseConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
