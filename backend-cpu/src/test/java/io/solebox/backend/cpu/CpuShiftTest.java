package io.solebox.backend.cpu;

import io.solebox.testkit.ShiftConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuShiftTest extends ShiftConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
