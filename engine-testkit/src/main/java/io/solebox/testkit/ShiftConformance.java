package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole models of every architecture: an answer that outgrows its context goes on, to the id, as
 * the model answers a prompt of the ids that stay.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class ShiftConformance {
  private static final ContextShift SHIFT = new ContextShift(96, 7, 40);

  private Engine engine;
  @TempDir Path scratch;

  /** As in {@code --device}, of a backend that promises batch invariance. */
  protected abstract String device();

  @BeforeAll
  void open() {
    engine = Engine.open(device(), 2);
  }

  @AfterAll
  void close() {
    engine.close();
  }

  private Stream<GoldenModels.Weights> models() {
    return GoldenModels.models("f32").stream();
  }

  private static int[] joined(int[]... parts) {
    return Stream.of(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private static Generation submit(LoadedModel model, int[] prompt, int n, boolean shifts) {
    var params =
        SamplingParams.builder().maxTokens(n).temperature(0).ignoreEndOfGeneration(true).build();
    var request = GenerationRequest.of(prompt, params);
    return model.submit(shifts ? request.withShift(SHIFT) : request);
  }

  @ParameterizedTest
  @MethodSource("models")
  void anAnswerGoesOnBehindWhatStays(GoldenModels.Weights weights) throws InterruptedException {
    Path gguf = ReferenceModel.of(weights, scratch).gguf();
    var options = Models.options().withKvType(KvType.F16).withStepTokens(32);
    try (var model = engine.load(gguf, options, Progress.none());
        var fresh = engine.load(gguf, options, Progress.none())) {
      int[] prompt = new Random(1).ints(60, 0, model.info().vocabSize()).toArray();
      int[] first = Models.ids(submit(fresh, prompt, 36, false));
      int[] all = joined(prompt, first);
      int[] kept =
          IntStream.range(0, all.length)
              .filter(i -> i < SHIFT.keep() || i >= SHIFT.keep() + SHIFT.discard())
              .map(i -> all[i])
              .toArray();
      int[] second = Models.ids(submit(fresh, kept, 30, false));
      assertArrayEquals(joined(first, second), Models.ids(submit(model, prompt, 66, true)));
      assertEquals(0, model.stats().usedBlocks());
    }
  }
}
