package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.BackendConformance;
import org.junit.jupiter.api.Tag;

/** The contract on an emulated GPU, which imitates every instruction of every thread. */
@Tag("slow")
class CudaAmpereTest extends BackendConformance implements CudaBounds {
  @Override
  public Backend open(int threads) {
    return FakeProviders.openAmpere();
  }

  @Override
  public double bf16Tolerance() {
    return 5e-3;
  }
}
