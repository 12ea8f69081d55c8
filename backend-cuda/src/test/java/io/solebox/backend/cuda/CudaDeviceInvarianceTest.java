package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.Backends;
import org.junit.jupiter.api.extension.ExtendWith;

/** On a real GPU. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceInvarianceTest extends DecodeInvariance {
  @Override
  Backend open() {
    return Backends.open("cuda", 1);
  }
}
