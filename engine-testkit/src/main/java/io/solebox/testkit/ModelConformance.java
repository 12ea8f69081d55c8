package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole models against reference logits, within the numeric contract. Every backend subclasses
 * this.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ModelConformance {
  private static final double F32_BOUND = 1e-3;
  private static final double F16_BOUND = 0.05;
  private static final double BF16_BOUND = 0.15;
  private static final double QUANTIZED_BOUND = 2e-3;

  @TempDir Path scratch;

  private Engine engine;

  /** As in {@code --device}. */
  protected abstract String device();

  /** Threads to open it with. */
  protected int threads() {
    return 2;
  }

  /**
   * Whether activations inside matrix products are rounded to 8 bits for quantized weights, where
   * the caller leaves it to the backend.
   */
  protected boolean quantizesActivations() {
    return false;
  }

  /** Whether quantized weights can be had with f32 activations; refused otherwise. */
  protected boolean offersF32Activations() {
    return true;
  }

  @BeforeAll
  void open() {
    engine = Engine.open(device(), threads());
  }

  @AfterAll
  void close() {
    engine.close();
  }

  /**
   * Whether to run weights of this name, as {@code qwen3-f16} or {@code llama256-Q4_K_M}; for
   * devices that are imitated, where each token counts.
   */
  protected boolean runs(String weights) {
    return true;
  }

  /** Prompts with more tokens are left out. */
  protected int longestPrompt(String weights) {
    return Integer.MAX_VALUE;
  }

  /** Tokens to generate after a prompt, of those that are recorded. */
  protected int greedyTokens(String weights) {
    return Integer.MAX_VALUE;
  }

  private Stream<Weights> f32Models() {
    return GoldenModels.models("f32").stream()
        .filter(weights -> runs(weights.toString()))
        .filter(w -> offersF32Activations() || !ReferenceModel.isMixed(w.model()));
  }

  private Stream<Weights> halfPrecisionModels() {
    return GoldenModels.models("f16", "bf16").stream().filter(weights -> runs(weights.toString()));
  }

  private Stream<Weights> embeddingModels() {
    return GoldenModels.embeddings("f32").stream().filter(weights -> runs(weights.toString()));
  }

  private Stream<Weights> mixes() {
    return GoldenModels.mixes().stream().filter(weights -> runs(weights.toString()));
  }

  @ParameterizedTest
  @MethodSource("f32Models")
  void f32LogitsAndGreedyTextEqualTheReference(Weights weights) throws InterruptedException {
    var reference = ReferenceModel.of(weights, scratch);
    for (int context : reference.contexts()) {
      var options = options(reference).withContext(context);
      try (LoadedModel model = engine.load(reference.gguf(), options, Progress.none())) {
        for (var prompt : prompts(reference, weights.toString())) {
          if (reference.context(prompt) == context) {
            assertLogits(model, prompt, reference.bound(F32_BOUND));
            int n = Math.min(greedyTokens(weights.toString()), prompt.greedy().length);
            int[] ids = Models.greedy(model, prompt.ids(), n);
            assertArrayEquals(Arrays.copyOf(prompt.greedy(), n), ids, prompt.name());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("embeddingModels")
  void hiddenStatesAndVectorsOfTextsEqualTheReference(Weights weights) throws InterruptedException {
    var reference = EmbeddingReference.of(weights, scratch);
    var options = LoadOptions.defaults().withParallel(2).withKvType(KvType.F32);
    try (LoadedModel model = engine.load(reference.gguf(), options, Progress.none())) {
      for (var text : reference.texts()) {
        if (text.ids().length <= longestPrompt(weights.toString())) {
          reference.assertEqual(model, text, reference.bound(F32_BOUND));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("halfPrecisionModels")
  void halfPrecisionWeightsWithF16CacheStayWithinTheContract(Weights weights)
      throws InterruptedException {
    double bound = weights.type().equals("bf16") ? BF16_BOUND : F16_BOUND;
    var reference = ReferenceModel.of(weights, scratch);
    for (int context : reference.contexts()) {
      var options = Models.options().withContext(context).withKvType(KvType.F16);
      try (LoadedModel model = engine.load(reference.gguf(), options, Progress.none())) {
        var prompts = prompts(reference, weights.toString());
        prompts = prompts.stream().filter(p -> reference.context(p) == context).toList();
        for (var prompt : prompts) {
          double allowed = reference.halfPrecisionBound(prompt, bound);
          assertLogits(model, prompt, allowed);
          int n = Math.min(greedyTokens(weights.toString()), prompt.greedy().length);
          assertGreedyWhereTheGapIsClear(model, prompt, n, 2 * allowed);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied", "qwen3"})
  void f16CacheStaysWithinTheContract(String name) throws InterruptedException {
    assumeTrue(runs(name + "-f32"), "SKIPPED: not run on this device");
    var reference = ReferenceModel.bundled(name, scratch);
    try (LoadedModel model = Models.load(engine, reference.gguf(), KvType.F16)) {
      for (var prompt : prompts(reference, name + "-f32")) {
        assertLogits(model, prompt, F16_BOUND);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("mixes")
  void quantizedModelsWithF32ActivationsEqualTheirDequantizedSelves(Weights weights)
      throws InterruptedException {
    var reference = QuantizedReference.of(weights, scratch);
    if (!offersF32Activations()) {
      assertThrows(SoleboxException.class, () -> load(reference, Activations.F32));
      return;
    }
    try (LoadedModel model = load(reference, Activations.F32)) {
      for (var prompt : reference.prompts()) {
        assertLogits(model, prompt, QUANTIZED_BOUND);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("mixes")
  void quantizedModelsWithQuantizedActivationsStayClose(Weights weights)
      throws InterruptedException {
    assumeTrue(quantizesActivations(), "SKIPPED: activations are f32, and tested as such");
    var reference = QuantizedReference.of(weights, scratch);
    try (LoadedModel model = load(reference, Activations.AUTO)) {
      for (var prompt : reference.prompts()) {
        assertMeanAndArgmax(model, prompt);
      }
    }
  }

  /** Those of f32 weights that hold quantized ones as well are computed in f32 where they can. */
  private LoadOptions options(ReferenceModel reference) {
    var options = Models.options().withKvType(KvType.F32);
    return reference.isMixed() ? options.withActivations(Activations.F32) : options;
  }

  private List<ReferenceModel.Prompt> prompts(ReferenceModel reference, String weights) {
    int longest = longestPrompt(weights);
    return reference.prompts().stream().filter(p -> p.ids().length <= longest).toList();
  }

  private LoadedModel load(QuantizedReference reference, Activations activations) {
    var options = Models.options().withKvType(KvType.F32).withActivations(activations);
    return engine.load(reference.gguf(), options, Progress.none());
  }

  static void assertLogits(LoadedModel model, ReferenceModel.Prompt prompt, double bound)
      throws InterruptedException {
    float[][] rows = Models.logits(model, prompt.ids());
    int vocab = model.info().vocabSize();
    for (int i = 0; i < prompt.positions().length; i++) {
      float[] row = rows[prompt.positions()[i]];
      for (int v = 0; v < vocab; v++) {
        double difference = Math.abs(row[v] - prompt.logits()[i * vocab + v]);
        String where = "%s, position %d, id %d".formatted(prompt.name(), prompt.positions()[i], v);
        assertTrue(difference <= bound, () -> where + " is off by " + difference);
      }
    }
  }

  private static void assertGreedyWhereTheGapIsClear(
      LoadedModel model, ReferenceModel.Prompt prompt, int n, double clear)
      throws InterruptedException {
    int[] ids = Models.greedy(model, prompt.ids(), n);
    for (int i = 0; i < ids.length && prompt.greedyMargins()[i] > clear; i++) {
      assertEquals(prompt.greedy()[i], ids[i], prompt.name() + ", token " + i);
    }
  }

  private static void assertMeanAndArgmax(LoadedModel model, ReferenceModel.Prompt prompt)
      throws InterruptedException {
    float[][] rows = Models.logits(model, prompt.ids());
    int vocab = model.info().vocabSize();
    double sum = 0;
    int agree = 0;
    for (int i = 0; i < prompt.positions().length; i++) {
      float[] row = rows[prompt.positions()[i]];
      float[] truth = new float[vocab];
      System.arraycopy(prompt.logits(), i * vocab, truth, 0, vocab);
      for (int v = 0; v < vocab; v++) {
        sum += Math.abs(row[v] - truth[v]);
      }
      agree += argmax(row) == argmax(truth) ? 1 : 0;
    }
    int n = prompt.positions().length;
    double mean = sum / n / vocab;
    assertTrue(mean <= 0.1, () -> prompt.name() + ": mean difference " + mean);
    assertTrue(agree >= 0.85 * n, prompt.name() + ": argmax agrees in " + agree + " of " + n);
  }

  private static int argmax(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }
}
