package io.solebox.engine.model.arch;

import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.Arrays;
import java.util.Optional;

/**
 * The kind of norm that an architecture has everywhere.
 *
 * @param epsilon added to the mean square
 */
record Norm(Kind kind, float epsilon) {
  enum Kind {
    /** Divides by the root mean square (Zhang and Sennrich, arXiv:1910.07467). */
    RMS,
    /** Takes the mean away first (Ba et al., arXiv:1607.06450). */
    LAYER
  }

  /** Over as many elements as the weight has, again and again. */
  Value apply(GraphBuilder g, String name, Value x, Weight gain) {
    return apply(g, name, x, new Projection(gain, Optional.empty()));
  }

  /**
   * @param w gain, and what is added at the end
   */
  Value apply(GraphBuilder g, String name, Value x, Projection w) {
    return switch (kind) {
      case RMS -> {
        Value y = g.rmsNorm(name, x, w.weight().flat(), epsilon);
        yield w.bias().map(b -> g.addVector(name + "_bias", y, b)).orElse(y);
      }
      case LAYER -> g.layerNorm(name, x, w.weight().flat(), w.bias().map(Weight::flat), epsilon);
    };
  }

  /** A layer norm without a gain, over groups of {@code dim} elements. */
  static Value centred(GraphBuilder g, String name, Value x, int dim, float epsilon) {
    return g.layerNorm(name, x, constant(name, dim, 1), Optional.empty(), epsilon);
  }

  /** An RMS norm without a gain, over groups of {@code dim} elements. */
  static Value plain(GraphBuilder g, String name, Value x, int dim, float epsilon) {
    return g.rmsNorm(name, x, constant(name, dim, 1), epsilon);
  }

  /**
   * {@code x / sqrt(sum(x^2) + eps)} over groups of {@code dim} elements: an RMS norm with another
   * gain.
   */
  static Value euclidean(GraphBuilder g, String name, Value x, int dim, float epsilon) {
    return g.rmsNorm(name, x, constant(name, dim, 1 / Math.sqrt(dim)), epsilon / dim);
  }

  private static Weight constant(String name, int dim, double value) {
    float[] gains = new float[dim];
    Arrays.fill(gains, (float) value);
    return Weight.of(name, gains);
  }
}
