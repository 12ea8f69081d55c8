package io.solebox.backend.cuda;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.TensorSplit;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.testkit.TensorConformance;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/**
 * Models of which every layer is on several emulated GPUs. Every instruction of every thread is
 * imitated, and sums wait for each other, so few models have short prompts; the others are proven
 * on the reference, and each op on one GPU.
 */
@Tag("slow")
abstract class EmulatedTensorModels extends TensorConformance {
  private static final int MOST = 4;
  private static final int SHORT = 16;

  private final Set<String> models;
  private final FakeDriver driver =
      new FakeDriver(Stream.generate(FakeGpu::ampere).limit(MOST).toArray(FakeGpu[]::new));

  /**
   * @param models weights that it runs
   */
  EmulatedTensorModels(String... models) {
    this.models = Set.of(models);
  }

  final FakeDriver driver() {
    return driver;
  }

  @Override
  protected final boolean runs(String weights) {
    return models.contains(weights);
  }

  @Override
  protected final int longestPrompt() {
    return SHORT;
  }

  @Override
  protected final Engine open(int devices) {
    List<OpenDevice> all =
        IntStream.range(0, devices)
            .mapToObj(
                i ->
                    new OpenDevice(
                        "cuda:" + i,
                        FakeProviders.open(driver, i),
                        new MemoryLedger("cuda:" + i, Long.MAX_VALUE)))
            .toList();
    return Engine.of("", all, TensorSplit.of(all, new CudaBackendProvider(driver::lookup)::team));
  }

  @AfterAll
  final void close() {
    driver.close();
  }
}
