package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.ChatOptions;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.ModelRunner;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seam carries a second kind of backend: see {@link ToyBackend}. */
class SeamTest {
  private static final int CONTEXT = 256;
  private static final Limits LIMITS =
      new Limits(CONTEXT, 64, 4, 36, 4 * CONTEXT, KvType.F32, Activations.AUTO, Long.MAX_VALUE);

  @TempDir Path scratch;
  private ReferenceModel reference;
  private ToyBackend toy;

  @BeforeEach
  void open() {
    reference = ReferenceModel.bundled("qwen3", scratch);
    toy = new ToyBackend(64 << 20);
  }

  private ModelRunner run(ToyBackend backend) {
    ModelFile file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED);
    Plan plan = backend.prepare(file.graph(), LIMITS, Progress.none());
    return new ModelRunner(
        file, plan, backend.describe(), LIMITS, List.of(), List.of(), ChatOptions.OF_FILE);
  }

  @Test
  void twoStagesAnswerGreedyWithNothingButArgmaxRows() throws InterruptedException {
    try (var model = run(toy)) {
      for (var prompt : reference.prompts()) {
        if (prompt.ids().length < CONTEXT) {
          int n = prompt.greedy().length;
          assertArrayEquals(prompt.greedy(), Models.greedy(model, prompt.ids(), n));
        }
      }
      assertTrue(toy.rowsPicked() >= 3 * 32);
    }
  }

  @Test
  void samplingFromTopKNeedsNoWholeRowsAndDrawsAsTheReferenceDoes() throws InterruptedException {
    var params =
        SamplingParams.builder()
            .maxTokens(24)
            .topK(40)
            .topP(0.9)
            .minP(0.01)
            .repetitionPenalty(1.2)
            .presencePenalty(0.5)
            .seed(7)
            .ignoreEndOfGeneration(true)
            .build();
    int[] prompt = reference.prompts().get(1).ids();
    int[] expected;
    try (var engine = Engine.open("reference", 1);
        var model = Models.load(engine, reference.gguf(), KvType.F32)) {
      expected = Models.ids(model.submit(prompt, params));
    }
    try (var model = run(toy)) {
      assertArrayEquals(expected, Models.ids(model.submit(prompt, params)));
    }
  }

  @Test
  void theSmallestDeviceDecidesHowManyBlocksThereAre() {
    ModelFile file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED);
    try (file) {
      var stages = file.graph().cutBefore(1);
      var first = toy.estimate(stages.first(), LIMITS);
      var second = toy.estimate(stages.second(), LIMITS);
      assertEquals(first.kvBytesPerBlock(), second.kvBytesPerBlock());
      long weights = Math.max(first.weightBytes(), second.weightBytes());
      try (var small = new ToyBackend(weights + 9 * first.kvBytesPerBlock().getFirst());
          var plan = small.prepare(file.graph(), LIMITS, Progress.none())) {
        assertEquals(List.of(9), plan.kvBlocks());
      }
      try (var tiny = new ToyBackend(1 << 10)) {
        var error =
            assertThrows(
                SoleboxException.class, () -> tiny.prepare(file.graph(), LIMITS, Progress.none()));
        assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
      }
    }
  }

  @Test
  void progressRisesAndLoadingCanBeInterrupted() {
    try (var file = ModelFile.open(reference.gguf(), ModelSource.Access.MAPPED)) {
      var seen = new ArrayList<Double>();
      var progress =
          new Progress() {
            @Override
            public void report(String stage, double fraction) {
              assertTrue(seen.isEmpty() || fraction >= seen.getLast());
              seen.add(fraction);
            }

            @Override
            public boolean cancelled() {
              return seen.size() >= 5;
            }
          };
      var error =
          assertThrows(SoleboxException.class, () -> toy.prepare(file.graph(), LIMITS, progress));
      assertEquals(ErrorCode.CANCELLED, error.code());
      assertEquals(5, seen.size());
    }
  }

  @Test
  void aLostDeviceFailsTheAnswerAndTheNextOneWorks() throws InterruptedException {
    try (var model = run(toy)) {
      var prompt = reference.prompts().get(1);
      Models.greedy(model, prompt.ids(), 2);
      toy.loseDevice();
      var error = assertThrows(SoleboxException.class, () -> Models.greedy(model, prompt.ids(), 4));
      assertEquals(ErrorCode.DEVICE_UNAVAILABLE, error.code());
      assertEquals(0, model.stats().usedBlocks());
      assertArrayEquals(prompt.greedy(), Models.greedy(model, prompt.ids(), 32));
    }
  }
}
