package io.solebox.app.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A figure that goes round and that people compare with: 13 billion weights at 80 tokens a second
 * on a GPU of a datacenter. Whoever says it mostly does not say in which format, so it is scaled
 * from two. Nothing of it was measured here.
 */
public enum SeedFigure {
  /** 13 billion weights of 2 bytes. */
  SIXTEEN_BITS("16 bits", 26.0e9),
  /** As a file of that size in llama.cpp's Q4_K_M. */
  FOUR_BITS("4 bits (Q4_K_M)", 7.87e9);

  /** What is said. */
  static final double TOKENS_PER_SECOND = 80;

  static final String CLAIM = "13B at 80 tokens/s on a datacenter GPU";

  private final String format;
  private final double bytesPerToken;

  SeedFigure(String format, double bytesPerToken) {
    this.format = format;
    this.bytesPerToken = bytesPerToken;
  }

  /** What that reads in a second: all weights for each token. */
  double bytesPerSecond() {
    return TOKENS_PER_SECOND * bytesPerToken;
  }

  /** The tokens a second of another model that reads as many bytes. */
  double scaled(double otherBytesPerToken) {
    return bytesPerSecond() / otherBytesPerToken;
  }

  /** How it comes about. */
  String arithmetic(Subject model) {
    return String.format(
        Locale.ROOT,
        "In %s: 80 tokens/s × %.2f GB of weights a token = %.0f GB/s; ÷ %.3g GB a token of this"
            + " model = %s tokens/s.",
        format,
        bytesPerToken / 1e9,
        bytesPerSecond() / 1e9,
        model.bytesPerToken() / 1e9,
        Quantity.Unit.TOKENS_PER_SECOND.number(scaled(model.bytesPerToken())));
  }

  /** For a line in a plot. */
  String label() {
    return "13B at 80 tokens/s, " + format + ", scaled";
  }

  static List<SeedFigure> all() {
    return Arrays.asList(values());
  }
}
