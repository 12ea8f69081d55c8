package io.solebox.backend.cuda;

import io.solebox.engine.backend.Backend;
import io.solebox.testkit.Backends;
import io.solebox.testkit.ShapesConformance;

/** The cases of {@link CudaDeviceShapesTest} themselves, in sizes that can be emulated. */
class CudaShapesTest extends ShapesConformance {
  @Override
  protected Backend open() {
    return FakeProviders.openAmpere();
  }

  @Override
  protected Backend openTrusted() {
    return Backends.open("reference", 1);
  }

  @Override
  protected Sizes sizes() {
    return Sizes.SMALL;
  }
}
