package io.solebox.backend.cuda;

import io.solebox.testkit.AdapterConformance;
import org.junit.jupiter.api.Tag;

/** On an emulated GPU, where each token counts. */
@Tag("slow")
class CudaAdapterTest extends AdapterConformance {
  @Override
  protected String device() {
    return "ampere";
  }

  @Override
  protected boolean batchInvariant() {
    return false;
  }

  @Override
  protected int longestPrompt() {
    return 7;
  }

  @Override
  protected int tokens() {
    return 3;
  }
}
