package io.solebox.app.quality;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.nio.file.Path;

/** Whether the ids of two models mean the same; found out before any weight is read. */
final class SameVocabulary {
  private SameVocabulary() {}

  /** The tokenizer of a model file. */
  static Tokenizer tokenizer(Path file) {
    try (ModelSource source = ModelSources.open(file, ModelSource.Access.MAPPED)) {
      return Tokenizers.of(source.metadata());
    }
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} with the first difference
   */
  static void require(String nameA, Tokenizer a, String nameB, Tokenizer b) {
    int both = Math.min(a.vocabSize(), b.vocabSize());
    for (int id = 0; id < both; id++) {
      if (!a.tokenText(id).equals(b.tokenText(id))) {
        throw differ(
            nameA,
            nameB,
            "the token %d is %s in the first and %s in the second"
                .formatted(id, Printable.name(a.tokenText(id)), Printable.name(b.tokenText(id))));
      }
    }
    if (a.vocabSize() != b.vocabSize()) {
      throw differ(
          nameA,
          nameB,
          "the first has %d tokens and the second %d".formatted(a.vocabSize(), b.vocabSize()));
    }
  }

  private static SoleboxException differ(String nameA, String nameB, String how) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        nameA + ", " + nameB,
        "Their vocabularies differ: " + how + ".",
        "Compare two files of the same model; of others, compare what `solebox perplexity` says in"
            + " bits per byte.");
  }
}
