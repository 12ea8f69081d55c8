package io.solebox.planner.model;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A plain decoder that stands for a model of which only sizes are known: it has as many weights,
 * reads as many of them for a token, and keeps as much of one. What hangs on its layers (scratch,
 * time beside reading) is that of the stand-in.
 *
 * @param name for people
 * @param source of the sizes
 * @param parameters number of weights
 * @param activeParameters of them that a token reads; empty where it reads all
 * @param keptElements of keys and values that are kept of a token, all layers together; empty where
 *     that is not known
 * @param context that it was trained for
 */
public record SizeOnly(
    String name,
    String source,
    long parameters,
    OptionalLong activeParameters,
    OptionalLong keptElements,
    int context) {
  /** Heads of any multiple of this can be kept in every format. */
  private static final int HEAD_UNIT = 32;

  private static final int MOST_HEAD_DIM = 256;

  /** Matrices of these widths can be in every format. */
  private static final int BLOCK = 256;

  private static final int LEAST_LAYERS = 8;
  private static final int MOST_LAYERS = 96;

  /** A model of so many weights has about as many layers as this, and a width to them. */
  private static final double WIDTH_PER_LAYER = 96;

  private static final int VOCABULARY = 32_000;
  private static final int MOST_EXPERTS = 256;

  /** For which there are kernels. */
  private static final int MOST_USED = 32;

  /**
   * Query heads that share so many heads of keys and values.
   *
   * @param off by how many elements of a layer it keeps more or less than it should
   */
  private record Heads(int queries, int kept, int dim, double off) {
    long columns() {
      return 2L * (queries + kept) * dim;
    }
  }

  /** Some experts, of which a token takes some. */
  private record Mixture(int ffn, int experts, int used, double off) {}

  /** The stand-in; its embedding is its output matrix too. */
  public Shape shape() {
    double active = activeParameters.orElse(parameters);
    // 12 L E^2 weights, as of plain transformers, with E = WIDTH_PER_LAYER L
    double usual = Math.cbrt(active / (12 * WIDTH_PER_LAYER * WIDTH_PER_LAYER));
    int layers = (int) Math.clamp(Math.round(usual), LEAST_LAYERS, MOST_LAYERS);
    int width = blocks(Math.sqrt(active / (12.0 * layers)));
    Heads heads = heads(layers, width);
    long rest = (long) VOCABULARY * width + layers * width * heads.columns();
    double wide = 3.0 * layers * width;
    if (activeParameters.isEmpty()) {
      int ffn = blocks((parameters - rest) / wide);
      return shape(layers, width, ffn, heads, Optional.empty(), Optional.empty());
    }
    Mixture mixture = mixture((parameters - rest) / wide, (active - rest) / wide);
    return shape(
        layers,
        width,
        mixture.ffn(),
        heads,
        Optional.of(mixture.experts()),
        Optional.of(mixture.used()));
  }

  /** Those that come nearest to what is kept of a token; the least where that is not known. */
  private Heads heads(int layers, int width) {
    double wished = keptElements.orElse(0) / (2.0 * layers);
    Heads best = new Heads(1, 1, HEAD_UNIT, Double.MAX_VALUE);
    for (int kept = 1; kept * HEAD_UNIT <= width; kept++) {
      int dim =
          (int) Math.clamp(Math.round(wished / kept / HEAD_UNIT), 1, MOST_HEAD_DIM / HEAD_UNIT)
              * HEAD_UNIT;
      int queries = kept * Math.max(1, Math.round((float) width / dim / kept));
      double off = Math.abs(kept * dim - wished);
      best = off < best.off() ? new Heads(queries, kept, dim, off) : best;
    }
    return best;
  }

  /**
   * @param all columns of all experts of a layer together
   * @param read of those that a token takes
   */
  private static Mixture mixture(double all, double read) {
    Mixture best = new Mixture(BLOCK, 1, 1, Double.MAX_VALUE);
    for (int experts = 4; experts <= MOST_EXPERTS; experts++) {
      int ffn = blocks(all / experts);
      int used = (int) Math.clamp(Math.round(read / ffn), 1, Math.min(experts, MOST_USED));
      double off =
          Math.abs((double) ffn * experts / all - 1) + Math.abs((double) ffn * used / read - 1);
      best = off < best.off() ? new Mixture(ffn, experts, used, off) : best;
    }
    return best;
  }

  private static int blocks(double size) {
    return Math.max(1, (int) Math.round(size / BLOCK)) * BLOCK;
  }

  private Shape shape(
      int layers,
      int width,
      int ffn,
      Heads heads,
      Optional<Integer> experts,
      Optional<Integer> used) {
    return new Shape(
        name,
        source,
        layers,
        width,
        ffn,
        heads.queries(),
        heads.kept(),
        heads.dim(),
        VOCABULARY,
        context,
        true,
        Optional.empty(),
        experts,
        used);
  }
}
