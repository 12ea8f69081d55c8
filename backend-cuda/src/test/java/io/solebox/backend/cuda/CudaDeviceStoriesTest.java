package io.solebox.backend.cuda;

import io.solebox.testkit.StoriesConformance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A trained model's story word for word, on a real GPU. */
@ExtendWith(NeedsGpu.class)
class CudaDeviceStoriesTest extends StoriesConformance {
  @Override
  protected String device() {
    return "cuda";
  }
}
