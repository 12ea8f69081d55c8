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
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A token's logits are a pure function of the ids before it, bitwise: not of batch neighbours,
 * chunk borders, prefix hits, preemption or threads (the numeric contract's batch invariance).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BatchInvariance {
  private static final int CONTEXT = 512;

  /**
   * What the tests run.
   *
   * @param prompt of some 300 tokens
   */
  public record Subject(Path gguf, int[] prompt) {}

  private Path gguf;
  private int[] prompt;

  /** As in {@code --device}. */
  protected abstract String device();

  /** A model with f32 weights, unless a subclass has another. */
  protected Subject subject(Path scratch) {
    var reference = ReferenceModel.bundled("qwen3", scratch);
    return reference.prompts().stream()
        .filter(p -> p.name().equals("p300"))
        .map(p -> new Subject(reference.gguf(), p.ids()))
        .findFirst()
        .orElseThrow();
  }

  @BeforeAll
  void read(@TempDir Path scratch) {
    Subject subject = subject(scratch);
    gguf = subject.gguf();
    prompt = subject.prompt();
  }

  private LoadedModel load(Engine engine, KvType kvType, int stepTokens) {
    var options =
        LoadOptions.defaults()
            .withContext(CONTEXT)
            .withKvType(kvType)
            .withParallel(8)
            .withStepTokens(stepTokens);
    return engine.load(gguf, options, Progress.none());
  }

  private float[][] alone(KvType kvType) throws InterruptedException {
    try (var engine = Engine.open(device(), 2);
        var model = load(engine, kvType, 512)) {
      return Models.logits(model, prompt);
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void threadsDoNotMatter(KvType kvType) throws InterruptedException {
    float[][] alone = alone(kvType);
    for (int threads : new int[] {1, 3}) {
      try (var engine = Engine.open(device(), threads);
          var model = load(engine, kvType, 512)) {
        assertSame(alone, Models.logits(model, prompt), threads + " threads");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void chunkBordersDoNotMatter(KvType kvType) throws InterruptedException {
    float[][] alone = alone(kvType);
    for (int stepTokens : new int[] {1, 7, 33}) {
      try (var engine = Engine.open(device(), 2);
          var model = load(engine, kvType, stepTokens)) {
        assertSame(alone, Models.logits(model, prompt), "steps of " + stepTokens);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void neighboursDoNotMatter(KvType kvType) throws InterruptedException {
    float[][] alone = alone(kvType);
    try (var engine = Engine.open(device(), 2);
        var model = load(engine, kvType, 48)) {
      List<Generation> others = others(model, 7, 60);
      assertSame(alone, Models.logits(model, prompt), "among seven others");
      others.forEach(Generation::close);
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void prefixHitsDoNotMatter(KvType kvType) throws InterruptedException {
    float[][] alone = alone(kvType);
    try (var engine = Engine.open(device(), 2);
        var model = load(engine, kvType, 512)) {
      Models.greedy(model, prompt, 1); // leaves the prompt's blocks in the prefix cache
      try (var generation = model.submit(prompt, SamplingParams.greedy(1))) {
        assertTrue(cachedTokens(generation) >= 256, "the prefix was found");
      }
      int from = prompt.length - 20;
      model.logits(
          prompt,
          from,
          (position, row) ->
              assertArrayEquals(
                  alone[position], row.toArray(ValueLayout.JAVA_FLOAT), "position " + position));
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void preemptionDoesNotMatter(KvType kvType) throws InterruptedException {
    int[] start = Arrays.copyOf(prompt, 60);
    int[] expected;
    try (var engine = Engine.open(device(), 2);
        var model = load(engine, kvType, 512)) {
      expected = Models.greedy(model, start, 150);
    }
    try (var small = new SmallPool(device(), 2, gguf, kvType, 256, 4, 9)) {
      var params =
          SamplingParams.builder().maxTokens(150).temperature(0).ignoreEndOfGeneration(true);
      var generations = new ArrayList<Generation>();
      for (int i = 0; i < 4; i++) {
        generations.add(small.model().submit(start, params.build()));
      }
      for (Generation generation : generations) {
        assertArrayEquals(expected, Models.ids(generation));
      }
      assertTrue(small.model().stats().preemptions() > 0, "nothing was preempted");
      assertEquals(0, small.model().stats().usedBlocks());
    }
  }

  private static int cachedTokens(Generation generation) throws InterruptedException {
    while (true) {
      if (generation.next() instanceof Generation.End(var _, var usage)) {
        return usage.cachedTokens();
      }
    }
  }

  private static List<Generation> others(LoadedModel model, int n, int maxTokens) {
    var random = new Random(7);
    var others = new ArrayList<Generation>();
    for (int i = 0; i < n; i++) {
      int[] ids = random.ints(20 + 30 * i, 0, model.info().vocabSize()).toArray();
      var params =
          SamplingParams.builder().maxTokens(maxTokens).ignoreEndOfGeneration(true).seed(i).build();
      others.add(model.submit(ids, params));
    }
    return others;
  }

  private static void assertSame(float[][] expected, float[][] actual, String what) {
    for (int t = 0; t < expected.length; t++) {
      assertArrayEquals(expected[t], actual[t], what + ", position " + t);
    }
  }
}
