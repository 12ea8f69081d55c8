package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole models whose cache is too small: what left it comes back from host memory, and nobody can
 * tell it from what is computed anew, to the bit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class SpillConformance {
  private static final int CONTEXT = 256;
  private static final int BLOCKS = 10;
  private static final int SNAPSHOTS = 2;
  private static final long STORE = 1L << 26;

  /** One of each: keys and values, latents, windows beside them, states beside them, states. */
  private static final List<String> MODELS =
      List.of("qwen3", "deepseek-mla", "gemma3", "falcon-h1", "mamba2");

  private final Map<String, Path> models = new TreeMap<>();

  /** As in {@code --device}, of a backend that promises batch invariance. */
  protected abstract String device();

  @BeforeAll
  void find(@TempDir Path scratch) {
    GoldenModels.models("f32").stream()
        .filter(weights -> MODELS.contains(weights.model()))
        .forEach(w -> models.put(w.model(), ReferenceModel.of(w, scratch).gguf()));
  }

  private Stream<String> models() {
    return models.keySet().stream();
  }

  private SmallPool open(String model, KvType type, long spillBytes) {
    return new SmallPool(
        device(), 2, models.get(model), type, CONTEXT, 3, BLOCKS, SNAPSHOTS, spillBytes);
  }

  private static int[] ids(LoadedModel model, int n, int seed) {
    return new Random(seed).ints(n, 0, model.info().vocabSize()).toArray();
  }

  private static Generation submit(LoadedModel model, int[] prompt, int n) {
    var params =
        SamplingParams.builder().maxTokens(n).temperature(0).ignoreEndOfGeneration(true).build();
    return model.submit(prompt, params);
  }

  @ParameterizedTest
  @MethodSource("models")
  void whatLeftTheCacheComesBackToTheBit(String tested) throws InterruptedException {
    for (KvType type : new KvType[] {KvType.F16, KvType.F32}) {
      try (var small = open(tested, type, STORE);
          var fresh = open(tested, type, 0)) {
        LoadedModel model = small.model();
        int[] ids = ids(model, 200, 1);
        float[][] expected = Models.logits(fresh.model(), ids);
        Models.greedy(model, ids, 1);
        for (int other = 2; other < 8; other++) {
          Models.greedy(model, ids(model, 200, other), 10);
        }
        model.logits(
            ids,
            190,
            (position, row) ->
                assertArrayEquals(
                    expected[position], row.toArray(ValueLayout.JAVA_FLOAT), "at " + position));
        var spill = model.stats().spill();
        assertTrue(spill.restored().pieces() > 0, spill.toString());
        assertEquals(0, spill.lost());
        assertEquals(0, model.stats().usedBlocks());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void whoGivesWayAnswersTheSame(String tested) throws InterruptedException {
    try (var small = open(tested, KvType.F16, STORE);
        var fresh = open(tested, KvType.F16, 0)) {
      LoadedModel model = small.model();
      int[][] prompts =
          IntStream.range(0, 5).mapToObj(i -> ids(model, 60 + i, i)).toArray(int[][]::new);
      var all = Stream.of(prompts).map(prompt -> submit(model, prompt, 120)).toList();
      for (int i = 0; i < prompts.length; i++) {
        int[] expected = Models.greedy(fresh.model(), prompts[i], 120);
        assertArrayEquals(expected, Models.ids(all.get(i)), "answer " + i);
      }
      assertEquals(0, model.stats().usedBlocks());
    }
  }
}
