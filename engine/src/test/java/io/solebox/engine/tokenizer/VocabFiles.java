package io.solebox.engine.tokenizer;

import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** The real vocabularies of testdata/tokenizer. */
public final class VocabFiles {
  private VocabFiles() {}

  public static Tokenizer tokenizer(String name) {
    return load(name);
  }

  /**
   * @param name as in {@code llama-spm}
   */
  static VocabularyTokenizer load(String name) {
    Path packed = SharedData.folder("tokenizer").resolve("vocab/ggml-vocab-" + name + ".gguf.gz");
    try {
      Path file = Files.createTempFile("vocab-", ".gguf");
      try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
        Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (ModelSource source = ModelSources.open(file, ModelSource.Access.MAPPED)) {
          return (VocabularyTokenizer) Tokenizers.of(source.metadata());
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
