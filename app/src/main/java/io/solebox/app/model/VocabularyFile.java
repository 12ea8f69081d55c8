package io.solebox.app.model;

import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.nio.file.Path;

/** A model file opened for its tokenizer alone; its weights are never read. */
record VocabularyFile(ModelSource source, Tokenizer tokenizer) implements AutoCloseable {
  static VocabularyFile open(Path path) {
    ModelSource source = ModelSources.open(path, ModelSource.Access.MAPPED);
    try {
      return new VocabularyFile(source, Tokenizers.of(source.metadata()));
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
