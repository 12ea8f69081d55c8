package io.solebox.testkit;

import io.solebox.engine.backend.Backend;

class ReferenceBackendTest extends BackendConformance {
  @Override
  public Backend open(int threads) {
    return Backends.open("reference", threads);
  }
}
