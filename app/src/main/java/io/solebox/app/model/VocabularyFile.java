package io.solebox.app.model;

import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model opened for its tokenizer alone; its weights are never read. */
record VocabularyFile(Optional<ModelSource> source, Tokenizer tokenizer) implements AutoCloseable {
  private static final List<String> ENDINGS = List.of(".json", ".model");

  /**
   * @param path a GGUF file, a folder with a model, or what {@link Tokenizers#of(Path)} reads
   */
  static VocabularyFile open(Path path) {
    if (ModelSources.isTranslated(path)) {
      Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
      return new VocabularyFile(Optional.empty(), Tokenizers.of(folder));
    }
    if (Files.isDirectory(path) || ENDINGS.stream().anyMatch(path.toString()::endsWith)) {
      return new VocabularyFile(Optional.empty(), Tokenizers.of(path));
    }
    ModelSource source = ModelSources.open(path, ModelSource.Access.MAPPED);
    try {
      return new VocabularyFile(Optional.of(source), Tokenizers.of(source.metadata()));
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  @Override
  public void close() {
    source.ifPresent(ModelSource::close);
  }
}
