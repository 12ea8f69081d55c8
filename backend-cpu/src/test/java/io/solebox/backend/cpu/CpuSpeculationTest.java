package io.solebox.backend.cpu;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.Backends;
import io.solebox.testkit.SpeculationConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuSpeculationTest extends SpeculationConformance {
  @Override
  protected Backend open() {
    return Backends.open("cpu", 2);
  }
}
