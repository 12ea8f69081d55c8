package io.solebox.engine.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns a header's tensor declarations into checked {@link TensorInfo}s. */
final class TensorTable {
  private final Path path;
  private final long fileBytes;
  private final GgufHeader header;

  private TensorTable(Path path, long fileBytes, GgufHeader header) {
    this.path = path;
    this.fileBytes = fileBytes;
    this.header = header;
  }

  static List<TensorInfo> check(Path path, long fileBytes, GgufHeader header) {
    return new TensorTable(path, fileBytes, header).check();
  }

  private List<TensorInfo> check() {
    List<TensorInfo> tensors = new ArrayList<>(header.tensors().size());
    for (GgufHeader.Tensor tensor : header.tensors()) {
      tensors.add(place(tensor));
    }
    List<TensorInfo> byOffset = new ArrayList<>(tensors);
    byOffset.sort(Comparator.comparingLong(TensorInfo::offset));
    checkInside(byOffset);
    checkApart(byOffset);
    return tensors;
  }

  private TensorInfo place(GgufHeader.Tensor tensor) {
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
    return new TensorInfo(tensor.name(), type, tensor.shape(), offset, type.bytes(elements));
  }

  private void checkInside(List<TensorInfo> tensors) {
    long expected = 0;
    String last = "";
    for (TensorInfo tensor : tensors) {
      if (tensor.offset() + tensor.bytes() > expected) {
        expected = tensor.offset() + tensor.bytes();
        last = tensor.name();
      }
    }
    if (expected > fileBytes) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          path + " at offset " + fileBytes,
          "the file is cut short: "
              + expected
              + " bytes expected (the end of tensor "
              + GgufCursor.printable(last)
              + "), "
              + fileBytes
              + " found",
          "Download the file again; the download probably broke off.");
    }
  }

  private void checkApart(List<TensorInfo> byOffset) {
    for (int i = 1; i < byOffset.size(); i++) {
      TensorInfo before = byOffset.get(i - 1);
      TensorInfo tensor = byOffset.get(i);
      if (tensor.offset() < before.offset() + before.bytes()) {
        throw new SoleboxException(
            ErrorCode.BAD_MODEL_FILE,
            path + " at offset " + tensor.offset() + ", tensor " + name(tensor),
            "its data lies over the data of tensor " + name(before),
            "Download the file again, or compare its checksum with the publisher's.");
      }
    }
  }

  private static String name(TensorInfo tensor) {
    return GgufCursor.printable(tensor.name());
  }

  private SoleboxException unsupported(GgufHeader.Tensor tensor) {
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
    return path + " at offset " + offset + ", tensor " + GgufCursor.printable(name);
  }
}
