package io.solebox.store.edit;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.gguf.PartName;
import io.solebox.store.convert.FreeSpace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a GGUF file between tensors into several of a size, as {@code gguf-split} of llama.cpp does:
 * {@code NAME-00001-of-00003.gguf}, of which the first has the metadata.
 */
public final class Splitting {
  private static final int MOST_PARTS = 99_999;

  private Splitting() {}

  /** A file that was written. */
  public record Part(Path file, int tensors, long bytes) {}

  /**
   * What would be written.
   *
   * @param maxBytes of the tensors of a file; a larger tensor has a file of its own
   * @throws SoleboxException as {@link #write}
   */
  public static List<Part> plan(Path file, Path folder, long maxBytes) {
    try (GgufSource source = open(file)) {
      return parts(writers(source, maxBytes, Progress.none()), folder, file);
    }
  }

  /**
   * Writes the parts, the first one last: what is not whole has no beginning.
   *
   * @param folder for the files
   * @param maxBytes of the tensors of a file; a larger tensor has a file of its own
   * @param replace whether files of these names may be replaced
   * @throws SoleboxException {@code INVALID_PARAMETER} for a file that is a part already, or fits
   *     as it is; as {@link GgufSource#open}; {@code IO_ERROR}
   */
  public static List<Part> write(
      Path file, Path folder, long maxBytes, boolean replace, Progress progress) {
    try (GgufSource source = open(file)) {
      List<GgufWriter> writers = writers(source, maxBytes, progress);
      List<Part> parts = parts(writers, folder, file);
      parts.forEach(part -> FreeSpace.requireFree(part.file(), replace));
      long bytes = parts.stream().mapToLong(Part::bytes).sum();
      FreeSpace.require(parts.getFirst().file(), bytes, replace);
      for (int i = writers.size() - 1; i >= 0; i--) {
        writers.get(i).write(parts.get(i).file());
      }
      source.checkUnchanged();
      return parts;
    }
  }

  private static GgufSource open(Path file) {
    if (PartName.of(file).isPresent()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "this is a part of a model already",
          "Join its parts first: solebox models join.");
    }
    return GgufSource.open(file, Access.MAPPED);
  }

  private static List<GgufWriter> writers(GgufSource source, long maxBytes, Progress progress) {
    List<List<TensorInfo>> groups = groups(source.tensors(), maxBytes);
    if (groups.size() < 2 || groups.size() > MOST_PARTS) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          source.place(),
          groups.size() < 2
              ? "all of it fits into one file of this size"
              : "this would be " + groups.size() + " files",
          "Choose a " + (groups.size() < 2 ? "smaller" : "larger") + " --max-size.");
    }
    var copy = new GgufCopy(source, progress);
    List<GgufWriter> writers = new ArrayList<>();
    for (List<TensorInfo> group : groups) {
      var writer = new GgufWriter();
      if (writers.isEmpty()) {
        Keys.copy(source, writer);
      }
      SplitKeys.put(writer, writers.size(), groups.size(), source.tensors().size());
      copy.add(writer, group);
      writers.add(writer);
    }
    return writers;
  }

  private static List<List<TensorInfo>> groups(List<TensorInfo> tensors, long maxBytes) {
    List<List<TensorInfo>> groups = new ArrayList<>();
    long bytes = 0;
    for (TensorInfo tensor : tensors) {
      if (groups.isEmpty() || bytes + tensor.bytes() > maxBytes) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.getLast().add(tensor);
      bytes += tensor.bytes();
    }
    return groups;
  }

  private static List<Part> parts(List<GgufWriter> writers, Path folder, Path file) {
    List<Part> parts = new ArrayList<>();
    String model = PartName.modelOf(file);
    for (GgufWriter writer : writers) {
      String name = new PartName(model, parts.size() + 1, writers.size()).fileName();
      parts.add(new Part(folder.resolve(name), writer.tensorCount(), writer.size()));
    }
    return parts;
  }
}
