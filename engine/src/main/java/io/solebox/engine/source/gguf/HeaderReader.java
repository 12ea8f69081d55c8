package io.solebox.engine.source.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses a GGUF header, versions 2 and 3, little-endian (ggml-org/ggml: docs/gguf.md). */
final class HeaderReader {
  /** The bytes {@code GGUF} as a little-endian number. */
  static final int MAGIC = 0x4655_4747;

  static final String ALIGNMENT_KEY = "general.alignment";
  static final int DEFAULT_ALIGNMENT = 32;

  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final int MAX_DIMS = 4;

  /** Far more than any model has; each takes objects of many times its bytes in the file. */
  private static final int MAX_KEYS = 1 << 16;

  private static final int MAX_TENSORS = 1 << 18;

  private static final int OLDEST_VERSION = 2;
  private static final int NEWEST_VERSION = 3;

  /** Key length, type and the smallest value. */
  private static final int MIN_KEY_BYTES = 8 + 4 + 1;

  /** Name length, number of sizes, one size, type and offset. */
  private static final int MIN_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;

  private final Path path;
  private final GgufCursor cursor;

  HeaderReader(Path path, FileChannel channel, long fileBytes) {
    this.path = path;
    this.cursor = new GgufCursor(path, channel, fileBytes);
  }

  GgufHeader read() throws IOException {
    int version = readVersion();
    int tensorCount = cursor.readCount("tensors", MIN_TENSOR_BYTES, MAX_TENSORS);
    int keyCount = cursor.readCount("metadata keys", MIN_KEY_BYTES, MAX_KEYS);
    Metadata metadata = readMetadata(keyCount);
    int alignment = alignment(metadata);
    List<GgufHeader.Tensor> tensors = readTensors(tensorCount, alignment);
    long end = cursor.position();
    long dataOffset = (end + alignment - 1) / alignment * alignment;
    return new GgufHeader(version, metadata, tensors, dataOffset, alignment);
  }

  private int readVersion() throws IOException {
    if (cursor.bytesLeft() < 8 || cursor.readInt() != MAGIC) {
      throw cursor.error(
          ErrorCode.BAD_MODEL_FILE,
          0,
          "this is not a GGUF file (it does not begin with the letters GGUF)",
          "Give the path of a .gguf file.");
    }
    int version = cursor.readInt();
    if (version >= OLDEST_VERSION && version <= NEWEST_VERSION) {
      return version;
    }
    int swapped = Integer.reverseBytes(version);
    if (swapped >= 1 && swapped <= NEWEST_VERSION) {
      throw unsupported(
          "this is a big-endian GGUF file, for another kind of processor",
          "Use the little-endian file of the same model.");
    }
    if (version == 1) {
      throw unsupported(
          "this is a GGUF file of version 1, which was in use for some days of August 2023",
          "Use a newer conversion of the same model.");
    }
    if (version > NEWEST_VERSION && version < 1 << 16) {
      throw unsupported(
          "this is a GGUF file of version " + version + "; this Solebox reads 2 and 3",
          "Update Solebox, or use a file of the same model in version 3.");
    }
    throw cursor.bad(4, "the version " + Integer.toUnsignedString(version) + " makes no sense");
  }

  private SoleboxException unsupported(String message, String remedy) {
    return cursor.error(ErrorCode.UNSUPPORTED_MODEL, 4, message, remedy);
  }

  private Metadata readMetadata(int count) throws IOException {
    Map<String, Metadata.Entry> entries = new LinkedHashMap<>();
    GgufValueReader values = new GgufValueReader(cursor);
    for (int i = 0; i < count; i++) {
      long at = cursor.position();
      cursor.enter("key number " + i, at);
      String key = cursor.readName("key");
      cursor.enter("key " + key, at);
      MetadataValue value = values.read();
      if (entries.put(key, new Metadata.Entry(path + " at offset " + at, value)) != null) {
        throw cursor.bad(at, "the key appears twice");
      }
    }
    return new Metadata(path.toString(), entries);
  }

  private static int alignment(Metadata metadata) {
    int alignment = metadata.intOr(ALIGNMENT_KEY, DEFAULT_ALIGNMENT);
    if (alignment < 8 || alignment > MAX_ALIGNMENT || Integer.bitCount(alignment) != 1) {
      throw metadata.bad(
          ALIGNMENT_KEY,
          "must be a power of two between 8 and " + MAX_ALIGNMENT + ", is " + alignment);
    }
    return alignment;
  }

  private List<GgufHeader.Tensor> readTensors(int count, int alignment) throws IOException {
    List<GgufHeader.Tensor> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      long at = cursor.position();
      cursor.enter("tensor number " + i, at);
      String name = cursor.readName("tensor name");
      cursor.enter("tensor " + name, at);
      if (!names.add(name)) {
        throw cursor.bad(at, "the tensor appears twice");
      }
      List<Long> shape = readShape();
      int typeId = cursor.readInt();
      long offsetAt = cursor.position();
      long offset = cursor.readLong();
      if (offset < 0 || offset % alignment != 0) {
        throw cursor.bad(
            offsetAt,
            "data offset " + Long.toUnsignedString(offset) + " is no multiple of " + alignment);
      }
      tensors.add(new GgufHeader.Tensor(name, typeId, shape, offset, at));
    }
    return tensors;
  }

  private List<Long> readShape() throws IOException {
    long at = cursor.position();
    int dims = cursor.readInt();
    if (dims < 1 || dims > MAX_DIMS) {
      throw cursor.bad(
          at, Integer.toUnsignedString(dims) + " dimensions; 1 to " + MAX_DIMS + " are allowed");
    }
    List<Long> shape = new ArrayList<>(dims);
    long elements = 1;
    for (int i = 0; i < dims; i++) {
      long sizeAt = cursor.position();
      long size = cursor.readLong();
      if (size < 1 || size > Long.MAX_VALUE / elements) {
        throw cursor.bad(
            sizeAt, "size " + Long.toUnsignedString(size) + " of dimension " + i + " is not sound");
      }
      elements *= size;
      shape.add(size);
    }
    return shape;
  }
}
