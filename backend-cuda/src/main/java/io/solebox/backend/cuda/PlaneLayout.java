package io.solebox.backend.cuda;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a weight format lies in device memory: each block of the file is sorted into up to four
 * planes, so that a thread loads 16 bytes of quants at a time. No bit is changed; the table stands
 * in docs/cuda-backend.md.
 *
 * @param quantized the planes; none where rows are kept as they are
 */
record PlaneLayout(TensorType type, List<Plane> quantized) {
  /** The most planes that a format has. */
  static final int MAX_PLANES = 4;

  private static final int LOAD_BYTES = 16;
  private static final int ROW_ALIGNMENT = LOAD_BYTES;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Bytes of a block that stand together in the file and in a plane. */
  record Piece(int from, int bytes) {}

  /** What a plane takes of a block, one piece behind the other. */
  record Plane(List<Piece> pieces) {
    int bytes() {
      return pieces.stream().mapToInt(Piece::bytes).sum();
    }
  }

  /** The formats that there are kernels for. */
  private static final Map<TensorType, List<Plane>> FORMATS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(TensorType.F32, List.of()),
              Map.entry(TensorType.F16, List.of()),
              Map.entry(TensorType.BF16, List.of()),
              Map.entry(TensorType.Q8_0, List.of(plane(2, 32), plane(0, 2))),
              Map.entry(TensorType.Q4_0, List.of(plane(2, 16), plane(0, 2))),
              Map.entry(TensorType.Q4_1, List.of(plane(4, 16), plane(0, 4))),
              Map.entry(TensorType.Q5_0, List.of(plane(6, 16), plane(0, 2), plane(2, 4))),
              Map.entry(TensorType.Q5_1, List.of(plane(8, 16), plane(0, 4), plane(4, 4))),
              Map.entry(TensorType.IQ4_NL, List.of(plane(2, 16), plane(0, 2))),
              Map.entry(TensorType.MXFP4, List.of(plane(1, 16), plane(0, 1))),
              Map.entry(TensorType.IQ4_XS, List.of(plane(8, 128), plane(0, 8))),
              Map.entry(TensorType.Q2_K, List.of(plane(16, 64), plane(0, 16), plane(80, 4))),
              Map.entry(
                  TensorType.Q3_K,
                  List.of(plane(32, 64), plane(96, 12), plane(0, 32), plane(108, 2))),
              Map.entry(TensorType.Q4_K, List.of(plane(16, 128), plane(0, 16))),
              Map.entry(TensorType.Q5_K, List.of(plane(48, 128), plane(0, 16), plane(16, 32))),
              Map.entry(
                  TensorType.Q6_K,
                  List.of(plane(0, 128), plane(192, 16), plane(128, 64), plane(208, 2))),
              Map.entry(TensorType.IQ2_XXS, List.of(plane(2, 64), plane(0, 2))),
              Map.entry(TensorType.IQ2_XS, List.of(plane(2, 64), plane(66, 8), plane(0, 2))),
              Map.entry(
                  TensorType.IQ2_S, List.of(numbersAndSigns(2, 34), plane(66, 16), plane(0, 2))),
              Map.entry(TensorType.IQ3_XXS, List.of(plane(2, 64), plane(0, 2), plane(66, 32))),
              Map.entry(
                  TensorType.IQ3_S,
                  List.of(plane(2, 64), plane(66, 40), plane(106, 4), plane(0, 2)))));

  private static Plane plane(int from, int bytes) {
    return new Plane(List.of(new Piece(from, bytes)));
  }

  /** Of each 64 weights the numbers of eight vectors, and behind them their signs. */
  private static Plane numbersAndSigns(int numbers, int signs) {
    return new Plane(
        IntStream.range(0, 4)
            .boxed()
            .flatMap(i -> Stream.of(new Piece(numbers + 8 * i, 8), new Piece(signs + 8 * i, 8)))
            .toList());
  }

  static Set<TensorType> types() {
    return FORMATS.keySet();
  }

  /**
   * @param type one of {@link #types}
   */
  static PlaneLayout of(TensorType type) {
    return new PlaneLayout(type, FORMATS.get(type));
  }

  int planes() {
    return Math.max(1, quantized.size());
  }

  /** Weights that a thread takes from one 16-byte load of the first plane. */
  int unit() {
    int bytes = quantized.isEmpty() ? type.blockBytes() : quantized.getFirst().bytes();
    return LOAD_BYTES * type.blockSize() / bytes;
  }

  /** Bytes of a row in a plane. */
  long rowBytes(int plane, int cols) {
    if (quantized.isEmpty()) {
      return (type.bytes(cols) + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
    }
    return (long) cols / type.blockSize() * quantized.get(plane).bytes();
  }

  /** Copies {@code rows} rows of the file into a plane. */
  void repack(int plane, MemorySegment file, int rows, int cols, MemorySegment to) {
    if (quantized.isEmpty()) {
      padRows(file, rows, cols, to);
      return;
    }
    long blocks = (long) rows * (cols / type.blockSize());
    int bytes = quantized.get(plane).bytes();
    int at = 0;
    for (Piece piece : quantized.get(plane).pieces()) {
      copy(piece, file, blocks, to, at, bytes);
      at += piece.bytes();
    }
  }

  /** A piece of every block, to byte {@code at} of every {@code step}. */
  private void copy(
      Piece piece, MemorySegment file, long blocks, MemorySegment to, int at, int step) {
    int stride = type.blockBytes();
    switch (piece.bytes()) {
      case 1 -> {
        for (long b = 0; b < blocks; b++) {
          to.set(BYTE, b * step + at, file.get(BYTE, b * stride + piece.from()));
        }
      }
      case 2 -> {
        for (long b = 0; b < blocks; b++) {
          to.set(SHORT, b * step + at, file.get(SHORT, b * stride + piece.from()));
        }
      }
      case 4, 12 -> {
        for (long b = 0; b < blocks; b++) {
          long from = b * stride + piece.from();
          for (int i = 0; i < piece.bytes(); i += Integer.BYTES) {
            to.set(INT, b * step + at + i, file.get(INT, from + i));
          }
        }
      }
      default -> {
        for (long b = 0; b < blocks; b++) {
          long from = b * stride + piece.from();
          for (int i = 0; i < piece.bytes(); i += Long.BYTES) {
            to.set(LONG, b * step + at + i, file.get(LONG, from + i));
          }
        }
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
