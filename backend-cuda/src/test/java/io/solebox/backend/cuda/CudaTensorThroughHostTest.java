package io.solebox.backend.cuda;

/** Cards of which none reaches another one's memory. */
class CudaTensorThroughHostTest extends EmulatedTensorModels {
  private static final int CARDS = 4;

  CudaTensorThroughHostTest() {
    super("qwen3-f32");
    for (int from = 0; from < CARDS; from++) {
      for (int to = 0; to < CARDS; to++) {
        driver().bar(from, to);
      }
    }
  }
}
