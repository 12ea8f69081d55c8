package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.backend.cuda.fake.FakeDriver;
import io.solebox.backend.cuda.fake.FakeGpu;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.testkit.ReferenceModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a profile counts; its times are those of the fake driver. */
class StepProfilerTest {
  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(ints = {80, 90})
  void everyNodeOfAStepIsInOneKind(int computeCapability) {
    var gpu = FakeGpu.ampere().withComputeCapability(computeCapability);
    try (var file = open();
        var driver = new FakeDriver(gpu);
        Backend backend = FakeProviders.open(driver);
        var steps = new PlanSteps(backend, file.graph())) {
      StepProfile profile = steps.profile(40);
      assertTrue(profile.stepMicros() > 0);
      List<String> kinds = profile.phases().stream().map(StepProfile.Phase::kind).toList();
      assertEquals(kinds.stream().distinct().toList(), kinds);
      assertTrue(kinds.contains("attention"), kinds.toString());
      int layers = layers(file.graph());
      var attention = phase(profile, "attention");
      assertEquals(2 * layers, attention.launches(), "scores and their combination");
      assertEquals(
          computeCapability == 90, attention.microsApart().isPresent(), "only Hopper overlaps");
      assertEquals(weights(file.graph()), bytes(profile) - attention.bytes());
      var host = profile.host().orElseThrow();
      assertTrue(host.waitMicros() > 0 && host.launchMicros() > 0);
      assertEquals(List.of(), driver.faults());
    }
  }

  @Test
  void aProfileChangesNoAnswer() {
    try (var file = open();
        var driver = new FakeDriver(FakeGpu.hopper());
        Backend backend = FakeProviders.open(driver);
        var steps = new PlanSteps(backend, file.graph())) {
      float[] before = steps.logits(new int[] {0}, 0, 1)[0];
      steps.profile(3);
      assertArrayEquals(before, steps.logits(new int[] {0}, 0, 1)[0]);
    }
  }

  private ModelFile open() {
    return ModelFile.open(
        ReferenceModel.bundled("qwen3", scratch).gguf(), ModelSource.Access.MAPPED);
  }

  private static StepProfile.Phase phase(StepProfile profile, String kind) {
    return profile.phases().stream().filter(p -> p.kind().equals(kind)).findFirst().orElseThrow();
  }

  private static int layers(Graph graph) {
    return (int) graph.ops().stream().filter(Op.Attention.class::isInstance).count();
  }

  private static long bytes(StepProfile profile) {
    return profile.phases().stream().mapToLong(StepProfile.Phase::bytes).sum();
  }

  /** All matrices, and a row of the embedding. */
  private static long weights(Graph graph) {
    long bytes = 0;
    for (Op op : graph.ops()) {
      bytes += op instanceof Op.Linear l ? l.weight().bytes() : 0;
      bytes += op instanceof Op.Embed e ? e.table().rowBytes() : 0;
    }
    return bytes;
  }
}
