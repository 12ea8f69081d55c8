package io.solebox.backend.cuda;

/**
 * All models, on the target whose kernels do most: asynchronous copies, ldmatrix, products of 8
 * bits. In half precision two of them, with biases and with norms of q and k: what else differs
 * between models is the same graph as with f32.
 */
class CudaAmpereModelTest extends EmulatedModels {
  @Override
  protected String device() {
    return "ampere";
  }

  @Override
  protected boolean runs(String weights) {
    boolean half = weights.endsWith("-f16") || weights.endsWith("-bf16");
    return !half || weights.startsWith("qwen2-") || weights.startsWith("qwen3-");
  }
}
