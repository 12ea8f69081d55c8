package io.solebox.backend.cuda;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.TensorSplit;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.testkit.Backends;
import io.solebox.testkit.TensorConformance;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every layer over several ranks, all of them on the first real GPU: they meet in host memory,
 * where kernels that wait for each other run side by side.
 */
@ExtendWith(NeedsGpu.class)
class CudaDeviceTensorTest extends TensorConformance {
  @Override
  protected boolean runs(String weights) {
    return weights.matches("(qwen3|gemma3|qwen3_moe|bert|glm4)-f32|llama256-Q4_0");
  }

  @Override
  protected Engine open(int devices) {
    List<OpenDevice> ranks =
        IntStream.range(0, devices)
            .mapToObj(
                r ->
                    new OpenDevice(
                        "rank " + r,
                        Backends.open("cuda", 1),
                        new MemoryLedger("rank " + r, Long.MAX_VALUE)))
            .toList();
    return Engine.of("", ranks, TensorSplit.of(ranks, new CudaBackendProvider()::team));
  }
}
