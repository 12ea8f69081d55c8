package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.testkit.Backends;
import io.solebox.testkit.ShapesConformance;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real sizes, on a real GPU, against the C kernels of the processor. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceShapesTest extends ShapesConformance {
  @BeforeEach
  void requireProcessor() {
    boolean found =
        ServiceLoader.load(BackendProvider.class).stream()
            .anyMatch(p -> p.get().name().equals("cpu"));
    Assumptions.assumeTrue(
        found, "SKIPPED: needs the CPU backend beside this one, as bench/gpu packs them");
  }

  @Override
  protected Backend open() {
    return Backends.open("cuda", 1);
  }

  @Override
  protected Backend openTrusted() {
    return Backends.open("cpu", Runtime.getRuntime().availableProcessors());
  }

  @Override
  protected Sizes sizes() {
    return Sizes.REAL;
  }
}
