package io.solebox.app.store;

import io.solebox.store.pull.name.Quantization;
import java.util.Optional;

/**
 * What storing weights in fewer bits does to a model, in a word: by the perplexity that Llama-3-8B
 * loses ({@link Quantization#loss}). Smaller models lose more, larger ones less.
 */
final class Quality {
  /** What the words rest on, to stand below a table. */
  static final String BASIS =
      "Quality by what Llama-3-8B loses in perplexity; tokens/s estimated from the memory's speed.";

  private Quality() {}

  /** Empty where nothing was measured. */
  static Optional<String> word(Quantization quantization) {
    return quantization.isOriginal()
        ? Optional.of("as published")
        : quantization.loss().map(Quality::word);
  }

  private static String word(double loss) {
    if (loss < 0.03) {
      return "almost as published";
    }
    if (loss < 0.12) {
      return "very good";
    }
    if (loss < 0.3) {
      return "good";
    }
    return loss < 1 ? "worse" : "much worse";
  }
}
