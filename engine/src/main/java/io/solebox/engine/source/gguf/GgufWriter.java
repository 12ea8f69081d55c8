package io.solebox.engine.source.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a GGUF file, version 3: metadata, tensor declarations, then every tensor's data from its
 * own callback, straight to the file. The file appears under its name only when it is whole.
 */
public final class GgufWriter {
  /** Writes exactly the bytes of one tensor. */
  public interface TensorData {
    void writeTo(WritableByteChannel out) throws IOException;

    /** The bytes of {@code segment}. */
    static TensorData of(MemorySegment segment) {
      return out -> {
        for (long at = 0; at < segment.byteSize(); at += SLICE_BYTES) {
          long length = Math.min(SLICE_BYTES, segment.byteSize() - at);
          ByteBuffer part = segment.asSlice(at, length).asByteBuffer();
          while (part.hasRemaining()) {
            out.write(part);
          }
        }
      };
    }
  }

  private record Tensor(
      String name, TensorType type, List<Long> shape, long bytes, TensorData data) {}

  private static final long SLICE_BYTES = 64L << 20;
  private static final int ALIGNMENT = HeaderReader.DEFAULT_ALIGNMENT;

  private final Map<String, MetadataValue> metadata = new LinkedHashMap<>();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** An empty file: no keys, no tensors. */
  public GgufWriter() {}

  /** Sets a key; {@code general.alignment} is fixed at {@value #ALIGNMENT}. */
  public GgufWriter put(String key, MetadataValue value) {
    if (key.equals(HeaderReader.ALIGNMENT_KEY)) {
      throw new IllegalArgumentException(key + " cannot be set");
    }
    metadata.put(key, value);
    return this;
  }

  public GgufWriter put(String key, String value) {
    return put(key, new MetadataValue.Text(value));
  }

  /**
   * As {@link ValueType#U32}, the type that model readers expect for sizes and ids; not negative.
   */
  public GgufWriter put(String key, int value) {
    return put(key, new MetadataValue.Whole(ValueType.U32, value));
  }

  public GgufWriter put(String key, float value) {
    return put(key, new MetadataValue.Real(ValueType.F32, value));
  }

  public GgufWriter put(String key, boolean value) {
    return put(key, new MetadataValue.Bool(value));
  }

  public GgufWriter put(String key, List<String> values) {
    return put(key, HeaderWriter.strings(values));
  }

  /** As {@link ValueType#I32}. */
  public GgufWriter put(String key, int[] values) {
    return put(key, new MetadataValue.Ints(ValueType.I32, values.clone()));
  }

  public GgufWriter put(String key, float[] values) {
    return put(key, new MetadataValue.Floats(values.clone()));
  }

  /** What was put so far, in that order. */
  public Map<String, MetadataValue> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /**
   * Adds a tensor; its data is asked for when the file is written, in the order of these calls.
   *
   * @param shape {@code ne[0]} (the contiguous axis) first; 1 to 4 sizes
   */
  public GgufWriter tensor(String name, TensorType type, List<Long> shape, TensorData data) {
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    if (shape.isEmpty() || shape.size() > 4 || elements < 1) {
      throw new IllegalArgumentException(name + " has shape " + shape);
    }
    if (shape.getFirst() % type.blockSize() != 0) {
      throw new IllegalArgumentException(name + ": no whole blocks of " + type + " in " + shape);
    }
    Tensor tensor = new Tensor(name, type, List.copyOf(shape), type.bytes(elements), data);
    if (tensors.put(name, tensor) != null) {
      throw new IllegalArgumentException(name + " was added twice");
    }
    return this;
  }

  /** Tensors that were added. */
  public int tensorCount() {
    return tensors.size();
  }

  /** Bytes that the file will have. */
  public long size() {
    return layout().fileBytes();
  }

  /**
   * Declares a tensor whose data whoever asks for the {@link #layout} writes; such a file cannot be
   * {@link #write written} here.
   *
   * @param shape as in {@link #tensor}
   */
  public GgufWriter declare(String name, TensorType type, List<Long> shape) {
    return tensor(
        name,
        type,
        shape,
        _ -> {
          throw new IllegalStateException(name + " was declared without data");
        });
  }

  /**
   * Writes the file; an existing one is replaced at the end, when all is on the disk.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public void write(Path path) {
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        writeAll(channel);
        channel.force(true);
      }
      Files.move(part, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      discard(part, e);
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          path.toString(),
          "the file cannot be written (" + e + ")",
          "Check the folder's permissions and the free space.",
          e);
    } catch (RuntimeException | Error e) {
      discard(part, e);
      throw e;
    }
  }

  private static void discard(Path part, Throwable reason) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Where everything will lie, for who writes the bytes of tensors in another order. */
  public GgufLayout layout() {
    HeaderWriter header = new HeaderWriter();
    header.preamble(tensors.size(), metadata);
    long offset = 0;
    List<Long> offsets = new ArrayList<>();
    for (Tensor tensor : tensors.values()) {
      header.tensor(tensor.name(), tensor.shape(), tensor.type(), offset);
      offsets.add(offset);
      offset = align(offset + tensor.bytes());
    }
    ByteBuffer bytes = header.bytes();
    long dataOffset = align(bytes.remaining());
    return new GgufLayout(
        bytes, offsets.stream().map(o -> dataOffset + o).toList(), dataOffset + offset);
  }

  private void writeAll(FileChannel channel) throws IOException {
    GgufLayout layout = layout();
    ByteBuffer bytes = layout.header();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    int index = 0;
    for (Tensor tensor : tensors.values()) {
      pad(channel, layout.offsets().get(index++));
      long start = channel.position();
      tensor.data().writeTo(channel);
      long written = channel.position() - start;
      if (written != tensor.bytes()) {
        throw new IllegalStateException(
            tensor.name() + ": " + written + " bytes written, " + tensor.bytes() + " expected");
      }
    }
    pad(channel, align(channel.position()));
  }

  /** Fills with zeros up to {@code position}. */
  private static void pad(FileChannel channel, long position) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(Math.toIntExact(position - channel.position()));
    while (zeros.hasRemaining()) {
      channel.write(zeros);
    }
  }

  private static long align(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
