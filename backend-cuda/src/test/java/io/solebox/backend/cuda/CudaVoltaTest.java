package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.AlibiConformance;
import io.solebox.testkit.AttentionConformance;
import io.solebox.testkit.AttentionFormsConformance;
import io.solebox.testkit.ExpertConformance;
import io.solebox.testkit.HeadConformance;
import io.solebox.testkit.LinearConformance;
import io.solebox.testkit.PlanConformance;
import io.solebox.testkit.StepConformance;
import io.solebox.testkit.TransferConformance;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract on an emulated GPU, as far as it meets kernels of this GPU's own: products of many
 * rows and attention of prompts. All else are the same files for every GPU, which {@link
 * CudaAmpereTest} has run.
 */
@Tag("slow")
class CudaVoltaTest
    implements CudaBounds,
        LinearConformance,
        AttentionConformance,
        AttentionFormsConformance,
        AlibiConformance,
        HeadConformance,
        ExpertConformance,
        TransferConformance,
        StepConformance,
        PlanConformance {
  @Override
  public Backend open(int threads) {
    return FakeProviders.openVolta();
  }

  @Override
  public double bf16Tolerance() {
    return 1e-5;
  }

  /** Not here: single rows, which are multiplied by what all GPUs share. */
  @Override
  public void linearAtExtremes(TensorType type) {}

  /** Whoever writes another kernel for one GPU alone adds here what meets it. */
  @Test
  void onlyManyRowsHaveKernelsOfTheirOwn() throws Exception {
    try (Stream<Path> files = Files.list(folder())) {
      files
          .map(file -> file.getFileName().toString())
          .forEach(
              name ->
                  assertTrue(
                      name.matches("(matmul_\\w+|prefill_attention_mma|matrix_rate|burn)\\.ptx"),
                      name));
    }
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(CudaBackend.class.getResource("ptx/sm_80/matrix_rate.ptx").toURI()).getParent();
  }
}
