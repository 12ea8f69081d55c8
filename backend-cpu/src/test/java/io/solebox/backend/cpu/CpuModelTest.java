package io.solebox.backend.cpu;

import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.ModelConformance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KernelsOfThisMachine.class)
class CpuModelTest extends ModelConformance {
  private final Kernels kernels = CpuBackend.kernels(KernelChoice.ofProperty());

  @Override
  protected String device() {
    return "cpu";
  }

  @Override
  protected boolean quantizesActivations() {
    return kernels.activations(TensorType.Q4_0) != Encoding.F32;
  }
}
