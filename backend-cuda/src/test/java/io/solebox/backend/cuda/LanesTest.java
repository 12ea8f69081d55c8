package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.testkit.ReferenceModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More sequences than a matrix-vector kernel has columns decode in one graph. */
class LanesTest {
  private static final int SEQUENCES = 19;

  /** Products of many columns add in another order. */
  private static final double TOLERANCE = 1e-2;

  @TempDir Path scratch;

  @Test
  void manySequencesDecodeTogether() {
    var reference = ReferenceModel.bundled("qwen3", scratch);
    int[] all = IntStream.range(0, SEQUENCES).toArray();
    try (var file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED);
        var driver = new FakeDriver(FakeGpu.hopper());
        Backend backend = FakeProviders.open(driver)) {
      Graph graph = file.graph();
      float[][] alone = new float[SEQUENCES][];
      try (var steps = new PlanSteps(backend, graph, SEQUENCES)) {
        for (int s : all) {
          steps.logits(new int[] {s}, 0, 3);
          alone[s] = steps.logits(new int[] {s}, 3, 1)[0];
        }
      }
      try (var steps = new PlanSteps(backend, graph, SEQUENCES)) {
        for (int s : all) {
          steps.logits(new int[] {s}, 0, 3);
        }
        int graphs = driver.calls("cuGraphLaunch");
        float[][] together = steps.logits(all, 3, 1);
        assertEquals(graphs + 1, driver.calls("cuGraphLaunch"));
        for (int s : all) {
          assertClose(alone[s], together[s], "sequence " + s);
        }
        int launches = driver.calls("cuLaunchKernelEx") + driver.calls("cuLaunchKernel");
        steps.logits(all, 4, 1);
        assertEquals(launches, driver.calls("cuLaunchKernelEx") + driver.calls("cuLaunchKernel"));
      }
      assertEquals(List.of(), driver.faults());
    }
  }

  private static void assertClose(float[] expected, float[] actual, String what) {
    double squares = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += expected[i] * expected[i];
      difference += Math.pow(actual[i] - expected[i], 2);
    }
    assertEquals(0, Math.sqrt(difference / squares), TOLERANCE, what);
  }
}
