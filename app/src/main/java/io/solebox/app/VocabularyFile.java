package io.solebox.app;

import io.solebox.engine.gguf.GgufFile;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.nio.file.Path;

/** A model file opened for its tokenizer alone; its weights are never read. */
record VocabularyFile(GgufFile file, Tokenizer tokenizer) implements AutoCloseable {
  static VocabularyFile open(Path path) {
    GgufFile file = GgufFile.open(path, GgufFile.Access.MAPPED);
    try {
      return new VocabularyFile(file, Tokenizers.fromGguf(file));
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
