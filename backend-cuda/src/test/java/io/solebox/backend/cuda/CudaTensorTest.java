package io.solebox.backend.cuda;

/**
 * Cards that all reach each other's memory: attention, windows, experts, texts, blocks of weights.
 */
class CudaTensorTest extends EmulatedTensorModels {
  CudaTensorTest() {
    super("qwen3-f32", "gemma3-f32", "qwen3_moe-f32", "bert-f32", "llama256-Q4_0", "glm4-f32");
  }
}
