package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A quantized format as codes with scales, and where the file has its codes (ggml-org/ggml:
 * src/ggml-common.h and src/ggml-quants.c).
 *
 * @param codes how they are kept and multiplied
 * @param nibblesAt byte offset of the low four bits in a block of the file
 */
record CodeFormat(TensorType type, Codes codes, CodeScales scales, int nibblesAt) {
  /** Times four bits: each at the bottom of a byte of its own, and others between. */
  private static final int SPREAD = 0x00204081;

  /** Empty for formats that are used as the file has them. */
  static Optional<CodeFormat> of(TensorType type) {
    return switch (type) {
      case F32, F16, BF16, Q8_0 -> Optional.empty();
      case Q4_0 -> format(type, Codes.FOUR, new CodeScales.Single(), 2);
      case Q4_1 -> format(type, Codes.FOUR, new CodeScales.Pair(Codes.FOUR.zero), 4);
      case Q5_0 -> format(type, Codes.FIVE, new CodeScales.Single(), 6);
      case Q5_1 -> format(type, Codes.FIVE, new CodeScales.Pair(Codes.FIVE.zero), 8);
      case Q4_K -> format(type, Codes.FOUR, new CodeScales.Nested(Codes.FOUR.zero), 16);
      case Q5_K -> format(type, Codes.FIVE, new CodeScales.Nested(Codes.FIVE.zero), 48);
      case Q6_K -> format(type, Codes.SIX, new CodeScales.Signed(), 0);
    };
  }

  private static Optional<CodeFormat> format(
      TensorType type, Codes codes, CodeScales scales, int nibblesAt) {
    return Optional.of(new CodeFormat(type, codes, scales, nibblesAt));
  }

  /** Runs of a block. */
  int blockRuns() {
    return type.blockSize() / codes.columns;
  }

  /** The codes of the block at {@code at} in the file, unsigned bytes in the order of columns. */
  void codes(MemorySegment file, long at, int[] out) {
    switch (type) {
      case Q4_0, Q4_1 -> nibbles(file, at + nibblesAt, 4, out, 0);
      case Q5_0, Q5_1 -> {
        nibbles(file, at + nibblesAt, 4, out, 0);
        int bits = file.get(Lanes.INT, at + nibblesAt - 4);
        for (int i = 0; i < 8; i++) {
          out[i] |= ((bits >>> 4 * i & 15) * SPREAD & 0x01010101) << 4;
        }
      }
      case Q4_K -> nibblesOf32(file, at, out);
      case Q5_K -> {
        nibblesOf32(file, at, out);
        upperBits(file, at + 16, 8, 1, out, 0);
      }
      case Q6_K -> {
        for (int half = 0; half < 2; half++) {
          nibbles(file, at + 64 * half, 16, out, 32 * half);
          upperBits(file, at + 128 + 32 * half, 4, 2, out, 32 * half);
        }
      }
      case F32, F16, BF16, Q8_0 -> throw new AssertionError(type + " has no codes");
    }
  }

  private void nibblesOf32(MemorySegment file, long at, int[] out) {
    for (int j = 0; j < 4; j++) {
      nibbles(file, at + nibblesAt + 32L * j, 8, out, 16 * j);
    }
  }

  /** The low nibbles of {@code count} ints, then the high ones. */
  private static void nibbles(MemorySegment file, long at, int count, int[] out, int to) {
    for (int i = 0; i < count; i++) {
      int both = file.get(Lanes.INT, at + 4L * i);
      out[to + i] = both & 0x0F0F0F0F;
      out[to + count + i] = both >>> 4 & 0x0F0F0F0F;
    }
  }

  /** Of 32 bytes the lowest {@code bits} bits for 32 codes, the next for the next 32, and so on. */
  private static void upperBits(
      MemorySegment file, long at, int sets, int bits, int[] out, int to) {
    int mask = ((1 << bits) - 1) * 0x01010101;
    for (int i = 0; i < 8; i++) {
      int all = file.get(Lanes.INT, at + 4L * i);
      for (int s = 0; s < sets; s++) {
        out[to + 8 * s + i] |= (all >>> bits * s & mask) << 4;
      }
    }
  }
}
