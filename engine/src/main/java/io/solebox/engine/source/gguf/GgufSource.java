package io.solebox.engine.source.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.SourceRole;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model in one GGUF file, or in several that were cut between tensors. */
public final class GgufSource implements ModelSource {
  private static final String COUNT_KEY = "split.count";
  private static final String NUMBER_KEY = "split.no";
  private static final String TENSORS_KEY = "split.tensors.count";

  /** A tensor and the file that has it. */
  private record Held(TensorInfo info, GgufFile file) {}

  private final Path path;
  private final List<GgufFile> parts;
  private final Map<String, Held> tensors = new LinkedHashMap<>();

  private GgufSource(Path path, List<GgufFile> parts) {
    this.path = path;
    this.parts = parts;
    for (GgufFile part : parts) {
      for (TensorInfo tensor : part.tensors()) {
        if (tensors.put(tensor.name(), new Held(tensor, part)) != null) {
          throw mixed(part.path(), "has a tensor that an earlier part has too: " + tensor.name());
        }
      }
    }
  }

  /**
   * Opens the file, and the other parts of its model where it is one of several.
   *
   * @param path of the file, or of any part
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, also for a missing part; {@code
   *     BAD_MODEL_FILE} naming file, offset and key; {@code UNSUPPORTED_MODEL} for a version, byte
   *     order, tensor format or what is no model; {@code OUT_OF_MEMORY} if a copy does not fit;
   *     {@code MODEL_FILE_CHANGED} if somebody writes to it meanwhile; {@code CANCELLED} if the
   *     thread is interrupted; {@code IO_ERROR}
   */
  public static GgufSource open(Path path, Access access) {
    List<GgufFile> files = new ArrayList<>();
    try {
      files.add(GgufFile.open(path, access));
      List<Path> parts = parts(path, files.getFirst().metadata());
      for (int i = 0; i < parts.size(); i++) {
        if (!parts.get(i).equals(path)) {
          files.add(i, GgufFile.open(parts.get(i), access));
        }
        checkPart(files.get(i), i);
      }
      GgufSource source = new GgufSource(path, List.copyOf(files));
      source.checkWhole();
      return source;
    } catch (RuntimeException | Error e) {
      files.forEach(GgufFile::close);
      throw e;
    }
  }

  /**
   * Opens an adapter, which is one file.
   *
   * @throws SoleboxException as {@link #open}; {@code BAD_MODEL_FILE} for a file that is none
   */
  public static GgufSource openAdapter(Path path, Access access) {
    return new GgufSource(path, List.of(GgufFile.open(path, access, SourceRole::requireAdapter)));
  }

  /**
   * Opens an importance matrix, which is one file.
   *
   * @throws SoleboxException as {@link #open}; {@code BAD_MODEL_FILE} for a file that is none
   */
  public static GgufSource openImportance(Path path, Access access) {
    return new GgufSource(
        path, List.of(GgufFile.open(path, access, SourceRole::requireImportance)));
  }

  /**
   * The files of the model that {@code path} belongs to, in order; mostly itself alone.
   *
   * @param metadata of that file
   * @throws SoleboxException as {@link #open}
   */
  public static List<Path> parts(Path path, Metadata metadata) {
    int count = metadata.intOr(COUNT_KEY, 1);
    if (count <= 1) {
      return List.of(path);
    }
    int number = metadata.intOr(NUMBER_KEY, 0) + 1;
    Optional<PartName> name = PartName.of(path);
    if (name.isEmpty() || name.get().count() != count || name.get().number() != number) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          metadata.place(COUNT_KEY),
          "this is part %d of %d of a model, but its name does not end in -%05d-of-%05d.gguf, by which the others are found"
              .formatted(number, count, number, count),
          "Give all parts the names that they were published under, in one folder.");
    }
    return name.get().locateAll(path);
  }

  private static void checkPart(GgufFile file, int index) {
    Metadata metadata = file.metadata();
    if (metadata.intOr(NUMBER_KEY, index) != index) {
      throw mixed(
          file.path(), "calls itself part " + (metadata.intValue(NUMBER_KEY) + 1) + " inside");
    }
  }

  private void checkWhole() {
    int declared = metadata().intOr(TENSORS_KEY, tensors.size());
    if (parts.size() > 1 && declared != tensors.size()) {
      throw mixed(
          path, "belongs to " + declared + " tensors, but all parts have " + tensors.size());
    }
  }

  private static SoleboxException mixed(Path path, String what) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        path.toString(),
        "the parts do not belong together: this one " + what,
        "Download all parts again, from one place.");
  }

  @Override
  public String place() {
    return path.toString();
  }

  @Override
  public String fileName() {
    return PartName.modelOf(path);
  }

  @Override
  public long fileBytes() {
    return parts.stream().mapToLong(GgufFile::fileBytes).sum();
  }

  /** Of the first part; the others only say which they are. */
  @Override
  public Metadata metadata() {
    return parts.getFirst().metadata();
  }

  @Override
  public List<TensorInfo> tensors() {
    return tensors.values().stream().map(Held::info).toList();
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name)).map(Held::info);
  }

  @Override
  public TensorBytes bytes(TensorInfo tensor) {
    GgufFile file =
        Optional.ofNullable(tensors.get(tensor.name()))
            .orElseThrow(
                () -> new IllegalArgumentException(tensor.name() + " is no tensor of " + path))
            .file();
    return new TensorBytes.Stored(file.data(tensor));
  }

  @Override
  public void checkUnchanged() {
    parts.forEach(GgufFile::checkUnchanged);
  }

  @Override
  public void close() {
    parts.forEach(GgufFile::close);
  }
}
