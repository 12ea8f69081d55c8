package io.solebox.engine.source.safetensors;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors in one safetensors file, or in several that an index names, under the names and in the
 * layouts of whoever wrote them. It owns the bytes: every segment from {@link #data} dies with
 * {@link #close()}.
 */
public final class Safetensors implements AutoCloseable {
  private static final String INDEX_ENDING = ".json";

  /** A tensor and the file that has it. */
  private record Held(StoredTensor tensor, SafetensorsFile file) {}

  private final Path path;
  private final List<SafetensorsFile> files;
  private final Map<String, Held> tensors = new LinkedHashMap<>();

  private Safetensors(Path path, List<SafetensorsFile> files) {
    this.path = path;
    this.files = files;
    for (SafetensorsFile file : files) {
      file.header().tensors().forEach(t -> tensors.put(t.name(), new Held(t, file)));
    }
  }

  /**
   * Opens a file, or all that an index names; data is not read yet.
   *
   * @param path of a {@code .safetensors} file, or of an index ({@code .json})
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, also for files that the index names; {@code
   *     BAD_MODEL_FILE} naming file and tensor; {@code UNSUPPORTED_MODEL} for an element type that
   *     is not known; {@code OUT_OF_MEMORY} if a copy does not fit; {@code MODEL_FILE_CHANGED} if
   *     somebody writes to it meanwhile; {@code CANCELLED}; {@code IO_ERROR}
   */
  public static Safetensors open(Path path, Access access) {
    if (!path.toString().endsWith(INDEX_ENDING)) {
      return new Safetensors(path, List.of(SafetensorsFile.open(path, access)));
    }
    SafetensorsIndex index = SafetensorsIndex.read(path);
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      for (String name : index.names()) {
        files.add(SafetensorsFile.open(path.resolveSibling(name), access));
        index.check(name, files.getLast());
      }
      return new Safetensors(path, List.copyOf(files));
    } catch (RuntimeException | Error e) {
      files.forEach(SafetensorsFile::close);
      throw e;
    }
  }

  /** The path that was opened, for errors. */
  public String place() {
    return path.toString();
  }

  /** File and tensor, for errors. */
  public String place(StoredTensor tensor) {
    return held(tensor).file().path() + ", tensor " + tensor.name();
  }

  public List<Path> files() {
    return files.stream().map(SafetensorsFile::path).toList();
  }

  /** Bytes on disk, of all files. */
  public long fileBytes() {
    return files.stream().mapToLong(file -> file.bytes().size()).sum();
  }

  /** What the first file says of itself, mostly {@code format}. */
  public Map<String, String> metadata() {
    return Map.copyOf(files.getFirst().header().metadata());
  }

  /** In the order of the files and of their data. */
  public List<StoredTensor> tensors() {
    return tensors.values().stream().map(Held::tensor).toList();
  }

  public Optional<StoredTensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name)).map(Held::tensor);
  }

  /** The tensor's bytes, little-endian, read-only; valid until {@link #close()}. */
  public MemorySegment data(StoredTensor tensor) {
    return held(tensor).file().bytes().slice(tensor.offset(), tensor.bytes());
  }

  private Held held(StoredTensor tensor) {
    return Optional.ofNullable(tensors.get(tensor.name()))
        .filter(held -> held.tensor().equals(tensor))
        .orElseThrow(
            () -> new IllegalArgumentException(tensor.name() + " is no tensor of " + path));
  }

  /**
   * Looks at the last matrix of each file.
   *
   * @throws SoleboxException {@code BAD_MODEL_FILE} for a download that reserved its space and
   *     broke off
   */
  public void checkTails() {
    files.forEach(SafetensorsFile::checkTail);
  }

  /**
   * Asks whether the files are still those that were opened. A copy cannot change.
   *
   * @throws SoleboxException {@code MODEL_FILE_CHANGED}
   */
  public void checkUnchanged() {
    files.forEach(file -> file.bytes().checkUnchanged());
  }

  /** Gives the bytes back; segments from {@link #data} must not be in use. */
  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
