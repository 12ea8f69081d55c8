package io.solebox.engine.source.safetensors;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands before the data of a safetensors file: a length of 8 bytes, then so many bytes of
 * JSON. Everything in it is checked against the file: tensors lie inside, one behind the other,
 * without holes, and each is as long as its shape.
 */
final class SafetensorsHeader {
  private static final int LENGTH_BYTES = 8;

  /** As the hub of Hugging Face allows; the largest that are known have a few million. */
  private static final long MAX_BYTES = 25_000_000;

  private static final String METADATA = "__metadata__";
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");
  private static final String AGAIN = "Download the file again; the download probably broke off.";
  private static final String DAMAGED =
      "Download the file again, or compare its checksum with the publisher's.";

  private final Path path;
  private final long fileBytes;
  private final long dataOffset;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<StoredTensor> tensors = new ArrayList<>();

  private SafetensorsHeader(Path path, long fileBytes, long dataOffset) {
    this.path = path;
    this.fileBytes = fileBytes;
    this.dataOffset = dataOffset;
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} naming file and tensor; {@code
   *     UNSUPPORTED_MODEL} for an element type that is not known
   */
  static SafetensorsHeader read(Path path, FileChannel channel, long fileBytes) throws IOException {
    if (fileBytes < LENGTH_BYTES) {
      throw bad(
          path + " at offset 0", "the file is cut short: a header's length is 8 bytes", AGAIN);
    }
    long length = bytes(channel, 0, LENGTH_BYTES).getLong();
    if (length < 2 || length > MAX_BYTES) {
      throw bad(
          path + " at offset 0",
          "a header of %s bytes makes no sense; at most %d are allowed"
              .formatted(Long.toUnsignedString(length), MAX_BYTES),
          DAMAGED);
    }
    if (length > fileBytes - LENGTH_BYTES) {
      throw bad(
          path + " at offset " + fileBytes,
          "the file is cut short: its header has %d bytes, %d are there"
              .formatted(length, fileBytes - LENGTH_BYTES),
          AGAIN);
    }
    var header = new SafetensorsHeader(path, fileBytes, LENGTH_BYTES + length);
    header.parse(bytes(channel, LENGTH_BYTES, (int) length).array());
    header.checkPlaces();
    return header;
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private void parse(byte[] json) {
    Map<String, Object> entries;
    try {
      entries = new JsonReader(JsonLimits.LOCAL).readObject(json);
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          path + ", line " + e.line() + ", column " + e.column() + " of the header",
          "the header is not the JSON of a safetensors file: " + e.what(),
          DAMAGED,
          e);
    }
    entries.forEach(
        (name, value) -> {
          if (!(value instanceof Map<?, ?> fields)) {
            throw bad(place(name), "must be an object", DAMAGED);
          }
          if (name.equals(METADATA)) {
            fields.forEach((key, text) -> metadata.put((String) key, String.valueOf(text)));
          } else {
            tensors.add(tensor(name, fields));
          }
        });
    tensors.sort(Comparator.comparingLong(StoredTensor::offset).thenComparing(StoredTensor::end));
  }

  private StoredTensor tensor(String name, Map<?, ?> fields) {
    for (Object field : fields.keySet()) {
      if (!FIELDS.contains(field)) {
        throw bad(
            place(name),
            "has a field that is not known: " + Printable.name((String) field),
            DAMAGED);
      }
    }
    Dtype dtype = dtype(name, fields.get("dtype"));
    List<Long> shape = counts(name, "shape", fields.get("shape"));
    List<Long> offsets = counts(name, "data_offsets", fields.get("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw bad(place(name), "data_offsets must be a begin and an end, are " + offsets, DAMAGED);
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (end > fileBytes - dataOffset) {
      throw bad(
          path + " at offset " + fileBytes,
          "the file is cut short: tensor %s ends at %d of the data, and %d bytes are there"
              .formatted(Printable.name(name), end, fileBytes - dataOffset),
          AGAIN);
    }
    if (end - begin != expectedBytes(name, dtype, shape)) {
      throw bad(
          place(name),
          "%s of shape %s and type %s cannot have %d bytes"
              .formatted("a tensor", shape, dtype, end - begin),
          DAMAGED);
    }
    return new StoredTensor(name, dtype, shape, dataOffset + begin, end - begin);
  }

  private Dtype dtype(String name, Object value) {
    if (!(value instanceof String text)) {
      throw bad(place(name), "dtype must be text", DAMAGED);
    }
    return Dtype.named(text)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.UNSUPPORTED_MODEL,
                    place(name),
                    "the type of its elements is %s, which is not known"
                        .formatted(Printable.name(text)),
                    "Update Solebox, or use another version of the model; known are "
                        + Dtype.names()
                        + "."));
  }

  private List<Long> counts(String name, String field, Object value) {
    if (!(value instanceof List<?> list)) {
      throw bad(place(name), field + " must be a list", DAMAGED);
    }
    List<Long> counts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Long count && count >= 0)) {
        throw bad(place(name), field + " must have whole numbers from 0 on, is " + list, DAMAGED);
      }
      counts.add(count);
    }
    return counts;
  }

  private long expectedBytes(String name, Dtype dtype, List<Long> shape) {
    try {
      long bits = dtype.bits();
      for (long size : shape) {
        bits = Math.multiplyExact(bits, size);
      }
      if (bits % 8 != 0) {
        throw bad(place(name), "elements of " + dtype + " end inside a byte", DAMAGED);
      }
      return bits / 8;
    } catch (ArithmeticException e) {
      throw bad(place(name), "a shape of " + shape + " is too large", DAMAGED);
    }
  }

  private void checkPlaces() {
    long end = dataOffset;
    for (StoredTensor tensor : tensors) {
      if (tensor.offset() != end) {
        throw bad(
            place(tensor.name()),
            tensor.offset() < end
                ? "its data lies over the data of another tensor"
                : "there are %d bytes before its data that belong to no tensor"
                    .formatted(tensor.offset() - end),
            DAMAGED);
      }
      end = tensor.end();
    }
    if (end != fileBytes) {
      throw bad(
          path + " at offset " + end,
          "there are " + (fileBytes - end) + " bytes behind the data of the last tensor",
          DAMAGED);
    }
  }

  private String place(String name) {
    return path + ", tensor " + Printable.name(name);
  }

  private static SoleboxException bad(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.BAD_MODEL_FILE, place, message, remedy);
  }

  /** What the file says of itself, mostly {@code format}. */
  Map<String, String> metadata() {
    return metadata;
  }

  /** In the order of their data. */
  List<StoredTensor> tensors() {
    return tensors;
  }
}
