package io.solebox.testkit;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Progress;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models in safetensors against what transformers answered with the same folder, within the bounds
 * of GGUF files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FolderConformance {
  private static final double F32_BOUND = 1e-3;

  /** Of the one folder with weights in BF16. */
  private static final double BF16_BOUND = 0.15;

  @TempDir Path scratch;

  private Engine engine;

  /** As in {@code --device}. */
  protected abstract String device();

  /** Prompts with more tokens are left out. */
  protected int longestPrompt() {
    return Integer.MAX_VALUE;
  }

  @BeforeAll
  void open() {
    engine = Engine.open(device(), 2);
  }

  @AfterAll
  void close() {
    engine.close();
  }

  static Stream<Weights> answering() {
    return ModelFolders.all().stream().filter(ReferenceModel::hasLogits);
  }

  static Stream<Weights> embedding() {
    return ModelFolders.all().stream().filter(weights -> !ReferenceModel.hasLogits(weights));
  }

  @ParameterizedTest
  @MethodSource("answering")
  void logitsEqualThoseOfTransformers(Weights weights) throws InterruptedException {
    var reference = ReferenceModel.ofFolder(weights, scratch);
    double usual = weights.model().equals("qwen3") ? BF16_BOUND : F32_BOUND;
    for (int context : reference.contexts()) {
      var options =
          Models.options()
              .withContext(context)
              .withKvType(KvType.F32)
              .withActivations(Activations.F32);
      try (LoadedModel model = engine.load(reference.gguf(), options, Progress.none())) {
        for (var prompt : reference.prompts()) {
          if (reference.context(prompt) == context && prompt.ids().length <= longestPrompt()) {
            ModelConformance.assertLogits(model, prompt, reference.bound(usual));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("embedding")
  void vectorsEqualThoseOfTransformers(Weights weights) throws InterruptedException {
    var reference = EmbeddingReference.ofFolder(weights, scratch);
    var options = LoadOptions.defaults().withParallel(2).withKvType(KvType.F32);
    try (LoadedModel model = engine.load(reference.gguf(), options, Progress.none())) {
      for (var text : reference.texts()) {
        if (text.ids().length <= longestPrompt()) {
          reference.assertEqual(model, text, reference.bound(F32_BOUND));
        }
      }
    }
  }
}
