package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.Backends;
import io.solebox.testkit.SpeculationConformance;
import org.junit.jupiter.api.extension.ExtendWith;

/** On a real GPU. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceSpeculationTest extends SpeculationConformance {
  @Override
  protected Backend open() {
    return Backends.open("cuda", 1);
  }

  @Override
  protected boolean keepsBitsOfNeighbours() {
    return false;
  }
}
