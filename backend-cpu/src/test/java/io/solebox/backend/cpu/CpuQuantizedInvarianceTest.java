package io.solebox.backend.cpu;

import io.solebox.testkit.BatchInvariance;
import io.solebox.testkit.QuantizedReference;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;

/** Batch invariance of a model whose weights are quantized. */
@ExtendWith(KernelsOfThisMachine.class)
class CpuQuantizedInvarianceTest extends BatchInvariance {
  private static final int TOKENS = 300;

  @Override
  protected String device() {
    return "cpu";
  }

  @Override
  protected Subject subject(Path scratch) {
    var reference = QuantizedReference.bundled(scratch);
    int[] ids = reference.prompts().getFirst().ids();
    int[] prompt = IntStream.range(0, TOKENS).map(i -> ids[i * 7 % ids.length]).toArray();
    return new Subject(reference.gguf(), prompt);
  }
}
