package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.SpeculationConformance;
import org.junit.jupiter.api.Tag;

/** Steps of up to eight tokens have the bits of single ones; larger ones are near. */
@Tag("slow")
class CudaSpeculationTest extends SpeculationConformance {
  @Override
  protected Backend open() {
    return FakeProviders.openAmpere();
  }

  @Override
  protected int tokens() {
    return 16;
  }

  @Override
  protected boolean keepsBitsOfNeighbours() {
    return false;
  }
}
