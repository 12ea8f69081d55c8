package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * Whole models with recurrent state, beside attention or alone: what was computed before is found
 * again, and nobody can tell it from what is computed anew, to the bit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class StateReuseConformance {
  /** A model file. */
  record Model(String name, Path gguf) {
    boolean hasState() {
      try (var file = ModelFile.open(gguf, ModelSource.Access.MAPPED)) {
        return file.graph().hasSlots();
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private Engine engine;
  private List<Model> models;

  /** As in {@code --device}, of a backend that promises batch invariance. */
  protected abstract String device();

  @BeforeAll
  void open(@TempDir Path scratch) {
    engine = Engine.open(device(), 2);
    models =
        GoldenModels.models("f32").stream()
            .map(w -> new Model(w.model(), ReferenceModel.of(w, scratch).gguf()))
            .filter(Model::hasState)
            .toList();
  }

  @AfterAll
  void close() {
    engine.close();
  }

  private Stream<Model> models() {
    return models.stream();
  }

  private LoadedModel load(Model tested, int stepTokens) {
    LoadOptions options = Models.options().withKvType(KvType.F16).withStepTokens(stepTokens);
    return engine.load(tested.gguf(), options, Progress.none());
  }

  private static int[] ids(LoadedModel model, int n, int seed) {
    return new Random(seed).ints(n, 0, model.info().vocabSize()).toArray();
  }

  private static int[] joined(int[]... parts) {
    return Stream.of(parts).flatMapToInt(Arrays::stream).toArray();
  }

  private static Generation submit(LoadedModel model, int[] prompt, int n) {
    var params =
        SamplingParams.builder().maxTokens(n).temperature(0).ignoreEndOfGeneration(true).build();
    return model.submit(prompt, params);
  }

  private static int found(LoadedModel model, int[] prompt) throws InterruptedException {
    try (var generation = submit(model, prompt, 1)) {
      while (true) {
        if (generation.next() instanceof Generation.End end) {
          return end.usage().cachedTokens();
        }
      }
    }
  }

  private float[][] alone(Model tested, int[] ids) throws InterruptedException {
    try (var model = load(tested, 512)) {
      return Models.logits(model, ids);
    }
  }

  /** Rows behind {@code from}, which comes from the cache as far as that has it. */
  private static void assertContinues(LoadedModel model, int[] ids, int from, float[][] expected)
      throws InterruptedException {
    model.logits(
        ids,
        from,
        (position, row) ->
            assertArrayEquals(
                expected[position], row.toArray(ValueLayout.JAVA_FLOAT), "position " + position));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aConversationComputesWhatIsNew(Model tested) throws InterruptedException {
    try (var model = load(tested, 512)) {
      int[] first = ids(model, 150, 1);
      int[] answer = Models.greedy(model, first, 40);
      assertEquals(128, found(model, first));
      // The last token of an answer is not computed: 189 of 190 are.
      int[] second = joined(first, answer, ids(model, 60, 2));
      float[][] expected = alone(tested, second);
      assertContinues(model, second, 170, expected);
      assertEquals(224, found(model, second));
      assertContinues(model, second, 240, expected);
      // Another goes on where the first prompt ended, while the cache holds what came after.
      int[] other = joined(first, ids(model, 40, 3));
      assertEquals(128, found(model, other));
      assertContinues(model, other, 150, alone(tested, other));
      assertEquals(0, model.stats().usedBlocks());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void conversationsInMixedStepsAnswerAsAlone(Model tested) throws InterruptedException {
    try (var alone = load(tested, 512);
        var model = load(tested, 48)) {
      int[] system = ids(model, 100, 4);
      List<int[]> prompts =
          IntStream.range(0, 6)
              .mapToObj(i -> joined(system, ids(model, 10 + 15 * i, 10 + i)))
              .toList();
      for (int turn = 0; turn < 2; turn++) {
        var asked = prompts.stream().map(prompt -> submit(model, prompt, 20)).toList();
        var next = new ArrayList<int[]>();
        for (int i = 0; i < asked.size(); i++) {
          int[] expected = Models.greedy(alone, prompts.get(i), 20);
          assertArrayEquals(expected, Models.ids(asked.get(i)), "turn " + turn + ", " + i);
          next.add(joined(prompts.get(i), expected, ids(model, 25, i)));
        }
        prompts = next;
      }
      assertTrue(found(model, prompts.getLast()) >= 128);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void whoLeavesInTheMiddleOfAPromptLeavesWhatIsComputed(Model tested) throws InterruptedException {
    try (var model = load(tested, 64)) {
      int[] prompt = ids(model, 400, 5);
      try (var generation = submit(model, prompt, 100)) {
        int computed = 0;
        while (computed < 300) {
          computed = generation.next() instanceof Generation.Prefilling p ? p.computed() : 0;
        }
      }
      int found = found(model, prompt);
      assertTrue(found >= 256, "found " + found);
      assertContinues(model, prompt, 390, alone(tested, prompt));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void whoGivesWayAnswersTheSame(Model tested) throws InterruptedException {
    int[] prompt;
    int[] expected;
    try (var model = load(tested, 512)) {
      prompt = ids(model, 60, 6);
      expected = Models.greedy(model, prompt, 150);
    }
    try (var small = new SmallPool(device(), 2, tested.gguf(), KvType.F16, 256, 3, 9, 2)) {
      var all = IntStream.range(0, 4).mapToObj(_ -> submit(small.model(), prompt, 150)).toList();
      for (Generation generation : all) {
        assertArrayEquals(expected, Models.ids(generation));
      }
      var stats = small.model().stats();
      assertTrue(stats.totalBlocks() == 0 || stats.preemptions() > 0, "nothing was preempted");
      assertEquals(0, stats.usedBlocks());
    }
  }
}
