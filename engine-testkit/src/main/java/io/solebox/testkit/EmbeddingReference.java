package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.Pooling;
import io.solebox.testkit.GoldenModels.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A tiny random-weight model for embeddings, with what a reference implementation computed. */
record EmbeddingReference(Path gguf, List<Text> texts, OptionalDouble tolerance) {
  /**
   * One text and what must come out.
   *
   * @param positions of the rows of {@code hidden}
   * @param hidden f32 [positions, E]
   * @param pooled vectors by the way of pooling, not normalized
   * @param normalized the model's own vector, of length 1
   * @param scores of a classifier
   */
  record Text(
      String name,
      int[] ids,
      int[] positions,
      Optional<float[]> hidden,
      List<Pooled> pooled,
      Optional<float[]> normalized,
      Optional<float[]> scores) {}

  record Pooled(Pooling pooling, float[] vector) {}

  double bound(double usual) {
    return tolerance.orElse(usual);
  }

  static EmbeddingReference of(Weights weights, Path scratch) {
    return read(weights, TestData.file(weights.path(), scratch));
  }

  /** The same model in the form of Hugging Face. */
  static EmbeddingReference ofFolder(Weights weights, Path scratch) {
    return read(weights, ModelFolders.of(weights, scratch));
  }

  private static EmbeddingReference read(Weights weights, Path file) {
    JsonNode manifest = new ObjectMapper().readTree(TestData.bytes(weights.path("manifest.json")));
    var texts = new ArrayList<Text>();
    for (var entry : manifest.get("prompts").properties()) {
      texts.add(text(entry.getKey(), entry.getValue(), weights));
    }
    JsonNode tolerance = manifest.path("tolerance");
    return new EmbeddingReference(
        file,
        texts,
        tolerance.isNumber() ? OptionalDouble.of(tolerance.asDouble()) : OptionalDouble.empty());
  }

  private static Text text(String name, JsonNode node, Weights weights) {
    JsonNode hidden = node.path("hidden");
    int[] ids = ReferenceModel.ints(node.get("ids"));
    var pooled = new ArrayList<Pooled>();
    for (var entry : node.path("pooled").properties()) {
      var pooling = Pooling.valueOf(entry.getKey().toUpperCase(Locale.ROOT));
      pooled.add(new Pooled(pooling, floats(entry.getValue())));
    }
    return new Text(
        name,
        ids,
        hidden.has("positions")
            ? ReferenceModel.ints(hidden.get("positions"))
            : IntStream.range(0, ids.length).toArray(),
        hidden.isMissingNode()
            ? Optional.empty()
            : Optional.of(
                TestData.floats(TestData.bytes(weights.path(hidden.get("file").asString())))),
        pooled,
        node.has("embedding_normalized")
            ? Optional.of(floats(node.get("embedding_normalized")))
            : Optional.empty(),
        node.has("scores") ? Optional.of(floats(node.get("scores"))) : Optional.empty());
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }

  void assertEqual(LoadedModel model, Text text, double bound) throws InterruptedException {
    if (text.hidden().isPresent()) {
      float[][] rows = model.embed(text.ids(), Pooling.NONE, false);
      for (int i = 0; i < text.positions().length; i++) {
        float[] row = rows[text.positions()[i]];
        assertNear(text.name() + ", row " + i, text.hidden().get(), i * row.length, row, bound);
      }
    }
    for (Pooled pooled : text.pooled()) {
      float[] vector = model.embed(text.ids(), pooled.pooling(), false)[0];
      assertNear(text.name() + ", " + pooled.pooling(), pooled.vector(), 0, vector, bound);
    }
    if (text.normalized().isPresent()) {
      Pooling own = model.info().pooling().orElseThrow();
      float[] vector = model.embed(text.ids(), own, true)[0];
      assertNear(text.name() + ", normalized", text.normalized().get(), 0, vector, bound);
    }
    if (text.scores().isPresent()) {
      float[] scores = model.embed(text.ids(), Pooling.RANK, false)[0];
      assertNear(text.name() + ", scores", text.scores().get(), 0, scores, bound);
    }
  }

  private static void assertNear(
      String what, float[] expected, int at, float[] actual, double bound) {
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs(actual[i] - expected[at + i]);
      String where = what + ", element " + i;
      assertTrue(difference <= bound, () -> where + " is off by " + difference);
    }
  }
}
