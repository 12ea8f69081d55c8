package io.solebox.app.quality;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Vocabularies;
import java.nio.file.Path;

/** Whether the ids of two models mean the same; found out before any weight is read. */
final class SameVocabulary {
  private SameVocabulary() {}

  /** The tokenizer of a model file. */
  static Tokenizer tokenizer(Path file) {
    try (ModelFile model = ModelFile.open(file, ModelSource.Access.MAPPED)) {
      return model.tokenizer();
    }
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} with the first difference
   */
  static void require(String nameA, Tokenizer a, String nameB, Tokenizer b) {
    Vocabularies.difference(a, b)
        .ifPresent(
            difference -> {
              throw new SoleboxException(
                  ErrorCode.INVALID_PARAMETER,
                  nameA + ", " + nameB,
                  "Their vocabularies differ: in the second " + difference + ".",
                  "Compare two files of the same model; of others, compare what `solebox perplexity`"
                      + " says in bits per byte.");
            });
  }
}
