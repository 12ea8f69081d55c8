package io.solebox.server.answers;

import io.solebox.engine.generation.Pooling;
import io.solebox.engine.model.ModelInfo;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.util.Arrays;
import java.util.Set;

/**
 * The vectors that a model makes of texts.
 *
 * @param dimensions numbers of one
 */
public record VectorKind(Pooling pooling, int dimensions) {
  /**
   * Architectures whose vectors were trained to be cut off (Kusupati et al., Matryoshka
   * Representation Learning, arXiv:2205.13147), by the papers of their models; files do not say it.
   */
  private static final Set<String> NESTED = Set.of("gemma-embedding", "qwen3");

  /**
   * @throws Problem 400 if it makes none
   */
  public static VectorKind of(Models.Named named) {
    ModelInfo info = named.model().info();
    Pooling pooling =
        info.pooling()
            .orElseThrow(() -> unsuited(named, "is made for answers", "an embedding model"));
    return switch (pooling) {
      case MEAN, CLS, LAST -> new VectorKind(pooling, info.embeddingLength());
      case NONE ->
          throw unsuited(
              named, "makes a vector of each token, and none of a text", "another model");
      case RANK -> throw unsuited(named, "gives scores, and no vectors", "/v1/rerank");
    };
  }

  /**
   * What is known of who makes them: vectors of two that differ in it cannot be compared, and two
   * files of one model in other weight formats do not.
   */
  public static String maker(Models.Named named) {
    ModelInfo info = named.model().info();
    return "%s %s, %d weights, %d numbers"
        .formatted(info.architecture(), info.name(), info.parameters(), info.embeddingLength());
  }

  private static Problem unsuited(Models.Named named, String what, String instead) {
    return Problem.of(
            400,
            "unsupported_model",
            "The model '%s' %s. Use %s.".formatted(named.name(), what, instead))
        .withParam("model");
  }

  /**
   * Those of the model, with their first numbers alone.
   *
   * @param wished at most as many as they have
   * @throws Problem 400 if the model is not known to be made for it
   */
  public VectorKind first(int wished, Models.Named named) {
    if (wished < dimensions && !NESTED.contains(named.model().info().architecture())) {
      throw Problem.of(
              400,
              "unsupported_parameter",
              "Unsupported parameter: 'dimensions'. Vectors of this model have %d numbers, and it is not known to be made for fewer."
                  .formatted(dimensions))
          .withParam("dimensions");
    }
    return new VectorKind(pooling, wished);
  }

  /** The first numbers, as long as one again. */
  public float[] cut(float[] vector) {
    if (dimensions == vector.length) {
      return vector;
    }
    float[] cut = Arrays.copyOf(vector, dimensions);
    double squares = 0;
    for (float x : cut) {
      squares += (double) x * x;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; length > 0 && i < cut.length; i++) {
      cut[i] = (float) (cut[i] / length);
    }
    return cut;
  }
}
