package io.solebox.engine.source.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns a header's tensor declarations into checked {@link PlacedTensor}s, in their order. */
final class TensorTable {
  private static final String QUANTIZATION_KEY = "general.quantization_version";

  /** Since May 2023 (ggml-org/ggml: include/ggml.h, GGML_QNT_VERSION). */
  private static final int QUANTIZATION_VERSION = 2;

  private final Path path;
  private final long fileBytes;
  private final GgufHeader header;

  private TensorTable(Path path, long fileBytes, GgufHeader header) {
    this.path = path;
    this.fileBytes = fileBytes;
    this.header = header;
  }

  static List<PlacedTensor> check(Path path, long fileBytes, GgufHeader header) {
    return new TensorTable(path, fileBytes, header).check();
  }

  private List<PlacedTensor> check() {
    checkQuantization();
    List<PlacedTensor> tensors = new ArrayList<>(header.tensors().size());
    for (GgufHeader.Tensor tensor : header.tensors()) {
      tensors.add(place(tensor));
    }
    List<PlacedTensor> byOffset = new ArrayList<>(tensors);
    byOffset.sort(Comparator.comparingLong(PlacedTensor::offset));
    checkInside(byOffset);
    checkApart(byOffset);
    return tensors;
  }

  /** Formats may get other bytes under the same number; that has happened before GGUF. */
  private void checkQuantization() {
    Metadata metadata = header.metadata();
    int version = metadata.intOr(QUANTIZATION_KEY, QUANTIZATION_VERSION);
    if (version > QUANTIZATION_VERSION) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          metadata.place(QUANTIZATION_KEY),
          "the weights are quantized by version " + version + " of their formats; 2 is known",
          "Update Solebox, or use another file of the same model.");
    }
  }

  private PlacedTensor place(GgufHeader.Tensor tensor) {
    Optional<TensorType> found = TensorType.byId(tensor.typeId());
    if (found.isEmpty()) {
      throw unsupported(tensor);
    }
    TensorType type = found.orElseThrow();
    long cols = tensor.shape().getFirst();
    long elements = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
    if (cols > Integer.MAX_VALUE || elements / cols > Integer.MAX_VALUE) {
      throw bad(tensor, "shape " + tensor.shape() + " is too large");
    }
    if (cols % type.blockSize() != 0) {
      throw bad(
          tensor,
          "rows of " + cols + " are no whole blocks of " + type.blockSize() + " (" + type + ")");
    }
    if (elements / type.blockSize() > Long.MAX_VALUE / 2 / type.blockBytes()
        || tensor.offset() > Long.MAX_VALUE / 2 - header.dataOffset()) {
      throw bad(tensor, "offset or size is too large");
    }
    long offset = header.dataOffset() + tensor.offset();
    TensorInfo info = new TensorInfo(tensor.name(), type, tensor.shape(), type.bytes(elements));
    return new PlacedTensor(info, offset);
  }

  private void checkInside(List<PlacedTensor> byOffset) {
    byOffset.stream()
        .max(Comparator.comparingLong(PlacedTensor::end))
        .filter(last -> last.end() > fileBytes)
        .ifPresent(
            last -> {
              throw new SoleboxException(
                  ErrorCode.BAD_MODEL_FILE,
                  path + " at offset " + fileBytes,
                  "the file is cut short: %d bytes expected (the end of tensor %s), %d found"
                      .formatted(last.end(), last.printable(), fileBytes),
                  CutFile.isPiece(path)
                      ? CutFile.REMEDY
                      : "Download the file again; the download probably broke off.");
            });
  }

  private void checkApart(List<PlacedTensor> byOffset) {
    for (int i = 1; i < byOffset.size(); i++) {
      PlacedTensor before = byOffset.get(i - 1);
      PlacedTensor tensor = byOffset.get(i);
      if (tensor.offset() < before.end()) {
        throw new SoleboxException(
            ErrorCode.BAD_MODEL_FILE,
            path + " at offset " + tensor.offset() + ", tensor " + tensor.printable(),
            "its data lies over the data of tensor " + before.printable(),
            "Download the file again, or compare its checksum with the publisher's.");
      }
    }
  }

  private SoleboxException unsupported(GgufHeader.Tensor tensor) {
    Optional<GgmlTypes.Removed> removed = GgmlTypes.removed(tensor.typeId());
    if (removed.isPresent()) {
      return new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          place(tensor.declaredAt(), tensor.name()),
          "the tensor's format is " + tensor.typeName() + ", which was taken out of GGUF",
          "Use the "
              + removed.get().instead()
              + " file of the same model, which is as good and as fast.");
    }
    String known =
        Arrays.stream(TensorType.values()).map(Enum::name).collect(Collectors.joining(", "));
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        place(tensor.declaredAt(), tensor.name()),
        "the tensor's format is " + tensor.typeName() + ", which is not supported yet",
        "Use a file of the same model in another quantization; supported are " + known + ".");
  }

  private SoleboxException bad(GgufHeader.Tensor tensor, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place(tensor.declaredAt(), tensor.name()),
        message,
        "Download the file again, or compare its checksum with the publisher's.");
  }

  private String place(long offset, String name) {
    return path + " at offset " + offset + ", tensor " + Printable.name(name);
  }
}
