package io.solebox.backend.cuda;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a weight format lies in device memory: each block of the file is sorted into up to four
 * planes, so that a thread loads 16 bytes of quants at a time. No bit is changed; the table stands
 * in docs/cuda-backend.md.
 *
 * @param pieces what each plane takes of a block; none where rows are kept as they are
 */
record PlaneLayout(TensorType type, List<Piece> pieces) {
  /** The most planes that a format has. */
  static final int MAX_PLANES = 4;

  private static final int LOAD_BYTES = 16;
  private static final int ROW_ALIGNMENT = LOAD_BYTES;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Bytes of a block that stand together in the file and in a plane. */
  record Piece(int from, int bytes) {}

  /** The formats that there are kernels for. */
  private static final Map<TensorType, List<Piece>> PIECES =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(TensorType.F32, List.of()),
              Map.entry(TensorType.F16, List.of()),
              Map.entry(TensorType.BF16, List.of()),
              Map.entry(TensorType.Q8_0, List.of(new Piece(2, 32), new Piece(0, 2))),
              Map.entry(TensorType.Q4_0, List.of(new Piece(2, 16), new Piece(0, 2))),
              Map.entry(TensorType.Q4_1, List.of(new Piece(4, 16), new Piece(0, 4))),
              Map.entry(
                  TensorType.Q5_0, List.of(new Piece(6, 16), new Piece(0, 2), new Piece(2, 4))),
              Map.entry(
                  TensorType.Q5_1, List.of(new Piece(8, 16), new Piece(0, 4), new Piece(4, 4))),
              Map.entry(TensorType.IQ4_NL, List.of(new Piece(2, 16), new Piece(0, 2))),
              Map.entry(TensorType.MXFP4, List.of(new Piece(1, 16), new Piece(0, 1))),
              Map.entry(TensorType.IQ4_XS, List.of(new Piece(8, 128), new Piece(0, 8))),
              Map.entry(
                  TensorType.Q2_K,
                  List.of(new Piece(16, 64), new Piece(0, 16), new Piece(80, 4))),
              Map.entry(
                  TensorType.Q3_K,
                  List.of(
                      new Piece(32, 64),
                      new Piece(96, 12),
                      new Piece(0, 32),
                      new Piece(108, 2))),
              Map.entry(TensorType.Q4_K, List.of(new Piece(16, 128), new Piece(0, 16))),
              Map.entry(
                  TensorType.Q5_K,
                  List.of(new Piece(48, 128), new Piece(0, 16), new Piece(16, 32))),
              Map.entry(
                  TensorType.Q6_K,
                  List.of(
                      new Piece(0, 128),
                      new Piece(192, 16),
                      new Piece(128, 64),
                      new Piece(208, 2)))));

  static Set<TensorType> types() {
    return PIECES.keySet();
  }

  /**
   * @param type one of {@link #types}
   */
  static PlaneLayout of(TensorType type) {
    return new PlaneLayout(type, PIECES.get(type));
  }

  int planes() {
    return Math.max(1, pieces.size());
  }

  /** Weights that a thread takes from one 16-byte load of the first plane. */
  int unit() {
    int bytes = pieces.isEmpty() ? type.blockBytes() : pieces.getFirst().bytes();
    return LOAD_BYTES * type.blockSize() / bytes;
  }

  /** Bytes of a row in a plane. */
  long rowBytes(int plane, int cols) {
    if (pieces.isEmpty()) {
      return (type.bytes(cols) + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
    }
    return (long) cols / type.blockSize() * pieces.get(plane).bytes();
  }

  /** Copies {@code rows} rows of the file into a plane. */
  void repack(int plane, MemorySegment file, int rows, int cols, MemorySegment to) {
    if (pieces.isEmpty()) {
      padRows(file, rows, cols, to);
      return;
    }
    Piece piece = pieces.get(plane);
    long blocks = (long) rows * (cols / type.blockSize());
    int stride = type.blockBytes();
    switch (piece.bytes()) {
      case 1 -> {
        for (long b = 0; b < blocks; b++) {
          to.set(ValueLayout.JAVA_BYTE, b, file.get(ValueLayout.JAVA_BYTE, b * stride + piece.from()));
        }
      }
      case 2 -> {
        for (long b = 0; b < blocks; b++) {
          to.set(SHORT, 2 * b, file.get(SHORT, b * stride + piece.from()));
        }
      }
      case 4, 12 -> copyInts(piece, file, blocks, stride, to);
      default -> copyLongs(piece, file, blocks, stride, to);
    }
  }

  private static void copyInts(
      Piece piece, MemorySegment file, long blocks, int stride, MemorySegment to) {
    int bytes = piece.bytes();
    for (long b = 0; b < blocks; b++) {
      long from = b * stride + piece.from();
      for (int i = 0; i < bytes; i += Integer.BYTES) {
        to.set(INT, b * bytes + i, file.get(INT, from + i));
      }
    }
  }

  private static void copyLongs(
      Piece piece, MemorySegment file, long blocks, int stride, MemorySegment to) {
    int bytes = piece.bytes();
    for (long b = 0; b < blocks; b++) {
      long from = b * stride + piece.from();
      for (int i = 0; i < bytes; i += Long.BYTES) {
        to.set(LONG, b * bytes + i, file.get(LONG, from + i));
      }
    }
  }

  private void padRows(MemorySegment file, int rows, int cols, MemorySegment to) {
    long bytes = type.bytes(cols);
    long padded = rowBytes(0, cols);
    if (bytes == padded) {
      MemorySegment.copy(file, 0, to, 0, rows * bytes);
      return;
    }
    for (long r = 0; r < rows; r++) {
      MemorySegment.copy(file, r * bytes, to, r * padded, bytes);
      to.asSlice(r * padded + bytes, padded - bytes).fill((byte) 0);
    }
  }
}
