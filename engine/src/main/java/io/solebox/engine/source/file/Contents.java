package io.solebox.engine.source.file;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.SourceRole;
import io.solebox.engine.source.gguf.GgufHeader;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.huggingface.HuggingFaceFolder;
import io.solebox.engine.source.huggingface.HuggingFaceSource;
import io.solebox.engine.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * What a file says of itself, whether it can be run or not: also of projectors, of formats that
 * cannot be computed, and of files that are cut short behind their header.
 *
 * @param files of the model; several where it was cut between tensors and all parts are there
 * @param fileBytes of all of them
 * @param version of GGUF; empty for another container
 * @param role what it is good for
 * @param tensors in the order of the files, as declared; nothing was checked
 */
public record Contents(
    List<Path> files,
    long fileBytes,
    OptionalInt version,
    SourceRole role,
    Metadata metadata,
    List<Tensor> tensors) {

  /**
   * A tensor as its file declares it.
   *
   * @param format as in {@code IQ4_XS}, or {@code unknown type 77}
   * @param shape {@code ne[0]} first
   * @param offset of its data in its file, in bytes; 0 in another container
   * @param bytes of its data; of a format that cannot be computed, with the padding behind it
   */
  public record Tensor(String name, String format, List<Long> shape, long offset, long bytes) {}

  /**
   * Reads the headers.
   *
   * @throws SoleboxException as {@link ModelSources#open}, for files that have none
   */
  public static Contents read(Path path) {
    if (HuggingFaceFolder.isOne(path)) {
      return folder(path);
    }
    ModelSources.requireGguf(path);
    GgufHeader header = GgufHeader.read(path);
    List<Path> files = parts(path, header.metadata());
    long fileBytes = 0;
    List<GgufHeader> headers = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    for (Path file : files) {
      long bytes = FileStamp.of(file).bytes();
      headers.add(file.equals(path) ? header : GgufHeader.read(file));
      tensors.addAll(tensors(headers.getLast(), bytes));
      fileBytes += bytes;
    }
    Metadata metadata = headers.getFirst().metadata();
    List<String> names = tensors.stream().map(Tensor::name).toList();
    return new Contents(
        files,
        fileBytes,
        OptionalInt.of(header.version()),
        SourceRole.of(metadata, names),
        metadata,
        tensors);
  }

  /** As it was translated; of a model that cannot be, nothing is known but its files. */
  private static Contents folder(Path path) {
    try (ModelSource source = ModelSources.open(path, ModelSource.Access.MAPPED)) {
      List<Tensor> tensors =
          source.tensors().stream()
              .map(t -> new Tensor(t.name(), t.type().name(), t.shape(), 0, t.bytes()))
              .toList();
      return new Contents(
          source instanceof HuggingFaceSource folder ? folder.files() : List.of(path),
          source.fileBytes(),
          OptionalInt.empty(),
          SourceRole.MODEL,
          source.metadata(),
          tensors);
    }
  }

  /** The file alone where parts are missing. */
  private static List<Path> parts(Path path, Metadata metadata) {
    try {
      return GgufSource.parts(path, metadata);
    } catch (SoleboxException e) {
      return List.of(path);
    }
  }

  private static List<Tensor> tensors(GgufHeader header, long fileBytes) {
    TreeSet<Long> starts = new TreeSet<>();
    header.tensors().forEach(t -> starts.add(t.offset()));
    List<Tensor> tensors = new ArrayList<>();
    for (GgufHeader.Tensor tensor : header.tensors()) {
      Long next = starts.higher(tensor.offset());
      long end = next == null ? fileBytes - header.dataOffset() : next;
      long extent = Math.max(0, end - tensor.offset());
      tensors.add(
          new Tensor(
              tensor.name(),
              tensor.typeName(),
              tensor.shape(),
              header.dataOffset() + tensor.offset(),
              bytes(tensor).orElse(extent)));
    }
    return tensors;
  }

  private static Optional<Long> bytes(GgufHeader.Tensor tensor) {
    long elements = tensor.shape().stream().reduce(1L, (a, b) -> a * b); // fits, says the reader
    return TensorType.byId(tensor.typeId())
        .filter(type -> elements % type.blockSize() == 0)
        .filter(type -> elements / type.blockSize() < Long.MAX_VALUE / type.blockBytes())
        .map(type -> type.bytes(elements));
  }
}
