package io.solebox.backend.cpu.nativelib;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The file that {@code src/test/native/harness} reads: per case its kind, twelve numbers, the sizes
 * of six tensors in bytes, and the tensors.
 */
final class VectorFile implements AutoCloseable {
  private static final int PARAMETERS = 12;
  private static final int TENSORS = 6;

  /** A tensor that is not there. */
  static final byte[] NONE = {};

  /** As {@code enum kind} of {@code harness.h}. */
  enum Kind {
    LINEAR,
    ATTENTION,
    NORM,
    GATED,
    ADD,
    ROPE,
    ANSWERS,
    LAYER_NORM,
    ACTIVATE,
    CLAMPED,
    DELTA,
    SCAN
  }

  private final OutputStream out;

  VectorFile(Path file) throws IOException {
    out = new BufferedOutputStream(Files.newOutputStream(file));
  }

  void put(Kind kind, long[] parameters, byte[]... tensors) throws IOException {
    ByteBuffer header = buffer(8 * (1 + PARAMETERS + TENSORS)).putLong(kind.ordinal() + 1L);
    for (int i = 0; i < PARAMETERS; i++) {
      header.putLong(i < parameters.length ? parameters[i] : 0);
    }
    for (int i = 0; i < TENSORS; i++) {
      header.putLong(i < tensors.length ? tensors[i].length : 0);
    }
    out.write(header.array());
    for (byte[] tensor : tensors) {
      out.write(tensor);
    }
  }

  /** A parameter that is a float. */
  static long real(float value) {
    return Float.floatToRawIntBits(value);
  }

  static byte[] floats(double[]... rows) {
    ByteBuffer bytes = buffer(4 * Arrays.stream(rows).mapToInt(row -> row.length).sum());
    Arrays.stream(rows).flatMapToDouble(Arrays::stream).forEach(x -> bytes.putFloat((float) x));
    return bytes.array();
  }

  static byte[] doubles(double[]... rows) {
    ByteBuffer bytes = buffer(8 * Arrays.stream(rows).mapToInt(row -> row.length).sum());
    Arrays.stream(rows).flatMapToDouble(Arrays::stream).forEach(bytes::putDouble);
    return bytes.array();
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = buffer(4 * values.length);
    Arrays.stream(values).forEach(bytes::putInt);
    return bytes.array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
