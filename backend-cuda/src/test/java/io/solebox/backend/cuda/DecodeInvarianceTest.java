package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;

class DecodeInvarianceTest extends DecodeInvariance {
  @Override
  Backend open() {
    return FakeProviders.openAmpere();
  }
}
