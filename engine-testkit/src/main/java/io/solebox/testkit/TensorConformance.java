package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models of which every layer is on several devices: what they say is within the contract of one
 * device, and the same bits at every run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TensorConformance {
  private static final double F32_BOUND = 1e-3;
  private static final double QUANTIZED_BOUND = 2e-3;
  private static final int ANSWER = 3;
  private static final int[] PROMPT =
      IntStream.range(0, 12).map(i -> (37 * i + 11) % 200).toArray();

  /** Models that no number of devices can have, and why. */
  private static final Map<String, String> WHOLE =
      Map.of(
          "deepseek.*", "makes heads of|matrices of their own for heads",
          "(falcon-h1|granitehybrid|lfm2|mamba2|nemotron-h|qwen35|qwen3next).*", "recurrent state",
          "olmo.*", "norms all heads together");

  /** Models whose heads or experts do not divide among 4 devices: how many can have them. */
  private static final Map<String, Integer> COUNTS =
      Map.of(
          "gemma", 3,
          "glm4", 3,
          "gemma4", 2,
          "gemma4-moe", 2,
          "ernie4-5-moe", 2,
          "glm4moe", 2,
          "gpt_oss", 2,
          "llama4", 2);

  @TempDir Path scratch;

  /**
   * An engine that splits every layer over so many devices.
   *
   * @param devices from 1, for one that has all
   */
  protected abstract Engine open(int devices);

  /** Whether the backend runs these; slow ones leave some out. */
  protected boolean runs(String weights) {
    return true;
  }

  /** The longest prompt that it is held to. */
  protected int longestPrompt() {
    return 64;
  }

  /** A model and how many devices have it. */
  record Case(Weights weights, int devices) {
    @Override
    public String toString() {
      return weights + " on " + devices;
    }
  }

  private static boolean isWhole(Weights weights) {
    return WHOLE.keySet().stream().anyMatch(weights.model()::matches);
  }

  private static Stream<Case> spread(Weights weights) {
    return Optional.ofNullable(COUNTS.get(weights.model()))
        .map(Stream::of)
        .orElse(Stream.of(2, 4))
        .map(n -> new Case(weights, n));
  }

  private Stream<Case> models() {
    return GoldenModels.models("f32").stream()
        .filter(weights -> runs(weights.toString()) && !isWhole(weights))
        .flatMap(TensorConformance::spread);
  }

  private Stream<Case> embeddingModels() {
    return GoldenModels.embeddings("f32").stream()
        .filter(weights -> runs(weights.toString()))
        .map(weights -> new Case(weights, 2));
  }

  /** Those of small blocks: rows of the others are one block. */
  private Stream<Case> mixes() {
    return GoldenModels.mixes().stream()
        .filter(weights -> weights.type().matches("Q[48]_0"))
        .filter(weights -> runs(weights.toString()))
        .map(weights -> new Case(weights, 2));
  }

  private Stream<Case> refused() {
    return GoldenModels.models("f32").stream()
        .filter(weights -> runs(weights.toString()))
        .filter(weights -> isWhole(weights) || COUNTS.containsKey(weights.model()))
        .map(weights -> new Case(weights, 4));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("models")
  void logitsEqualTheReferenceAndAreTheSameBitsTwice(Case its) throws InterruptedException {
    var reference = ReferenceModel.of(its.weights(), scratch);
    for (int context : reference.contexts()) {
      var options = Models.options().withContext(context).withKvType(KvType.F32);
      try (Engine engine = open(its.devices());
          LoadedModel model = engine.load(reference.gguf(), options, Progress.none())) {
        for (var prompt : reference.prompts()) {
          if (prompt.ids().length <= longestPrompt() && reference.context(prompt) == context) {
            ModelConformance.assertLogits(model, prompt, reference.bound(F32_BOUND));
            int n = Math.min(ANSWER, prompt.greedy().length);
            int[] answer = Models.greedy(model, prompt.ids(), n);
            assertArrayEquals(Arrays.copyOf(prompt.greedy(), n), answer, prompt.name());
            float[][] once = Models.logits(model, prompt.ids());
            assertArrayEquals(once, Models.logits(model, prompt.ids()), "other bits");
          }
        }
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("embeddingModels")
  void hiddenStatesEqualTheReference(Case its) throws InterruptedException {
    var reference = EmbeddingReference.of(its.weights(), scratch);
    var options = LoadOptions.defaults().withParallel(2).withKvType(KvType.F32);
    try (Engine engine = open(its.devices());
        LoadedModel model = engine.load(reference.gguf(), options, Progress.none())) {
      for (var text : reference.texts()) {
        if (text.ids().length <= longestPrompt()) {
          reference.assertEqual(model, text, reference.bound(F32_BOUND));
        }
      }
    }
  }

  /** Two loads, each with blocks of weights that were dealt out anew. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("mixes")
  void blocksOfWeightsAreDealtOutWhole(Case its) throws InterruptedException {
    Path file = TestData.file(its.weights().path(), scratch);
    float[][] one = logits(file, 1);
    float[][] several = logits(file, its.devices());
    for (int t = 0; t < one.length; t++) {
      assertArrayEquals(one[t], several[t], (float) QUANTIZED_BOUND, "position " + t);
    }
    assertArrayEquals(several, logits(file, its.devices()), "other bits");
  }

  private float[][] logits(Path file, int devices) throws InterruptedException {
    try (Engine engine = open(devices);
        LoadedModel model = Models.load(engine, file, KvType.F32)) {
      return Models.logits(model, PROMPT);
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("refused")
  void whatCannotBeSplitIsRefusedWithWhatCanBeDone(Case its) {
    Path file = TestData.file(its.weights().path(), scratch);
    try (Engine engine = open(its.devices())) {
      var refusal =
          assertThrows(SoleboxException.class, () -> Models.load(engine, file, KvType.F32));
      assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
      assertEquals("--split tensor", refusal.place());
      assertTrue(refusal.remedy().contains("--split layers"), refusal.remedy());
      WHOLE.forEach(
          (models, words) -> {
            if (its.weights().model().matches(models)) {
              String message = refusal.getMessage();
              assertTrue(message.matches(".*(" + words + ").*"), message);
            }
          });
      Optional.ofNullable(COUNTS.get(its.weights().model()))
          .ifPresent(
              n -> assertTrue(refusal.remedy().contains("over " + n + " "), refusal.remedy()));
    }
  }
}
