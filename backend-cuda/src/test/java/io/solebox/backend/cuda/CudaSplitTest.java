package io.solebox.backend.cuda;

import io.solebox.testkit.SplitConformance;

/** Layers on several emulated GPUs. */
class CudaSplitTest extends SplitConformance {
  @Override
  protected String backend() {
    return "amperes";
  }
}
