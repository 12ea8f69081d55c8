package io.solebox.backend.cuda;

/**
 * One model in each kind of weights: what is particular to this target are its matrix units, which
 * {@link CudaVoltaTest} tries with every op, format and size.
 */
class CudaVoltaModelTest extends EmulatedModels {
  @Override
  protected String device() {
    return "volta";
  }

  @Override
  protected boolean runs(String weights) {
    return weights.startsWith("qwen3-") || weights.equals("llama256-Q4_K_M");
  }
}
