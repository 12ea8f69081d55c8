package io.solebox.testkit;

import io.solebox.engine.backend.Backend;

class ReferenceSpeculationTest extends SpeculationConformance {
  @Override
  protected Backend open() {
    return Backends.open("reference", 1);
  }
}
