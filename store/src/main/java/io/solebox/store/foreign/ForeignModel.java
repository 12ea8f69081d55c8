package io.solebox.store.foreign;

import io.solebox.store.blob.Digest;
import io.solebox.store.layout.ModelName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that another program keeps. It is read where it is, and never written.
 *
 * @param name as the other program calls it
 * @param program as in {@code Ollama}
 * @param file by which it is opened: a GGUF file, the first of several, or a folder
 * @param bytes of all its files; 0 where they are not there
 * @param digest of the file, where the other program knows it; nobody has checked
 * @param trouble why it cannot be run, if so
 */
public record ForeignModel(
    ModelName name,
    String program,
    Path file,
    long bytes,
    Optional<Digest> digest,
    Optional<String> trouble) {
  static ForeignModel missing(ModelName name, String program, Path file) {
    return new ForeignModel(
        name, program, file, 0, Optional.empty(), Optional.of("missing, was at " + file));
  }
}
