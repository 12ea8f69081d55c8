package io.solebox.backend.cpu;

import io.solebox.testkit.AdapterConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuAdapterTest extends AdapterConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
