package io.solebox.backend.cpu;

import io.solebox.testkit.SpillConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuSpillTest extends SpillConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
