package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.Codes;

/** How the activations of a token lie in memory. */
enum Encoding {
  F32,
  BF16,
  /** Blocks of 32 signed bytes with their scale and sums: {@code struct activation_block}. */
  INT8,
  /** Signed bytes, too, as {@link Codes#FOUR} multiplies them. */
  CODES4,
  CODES5,
  CODES6;

  private static final int BLOCK = 32;
  private static final long BLOCK_BYTES = 48;

  /** What these codes are multiplied with. */
  static Encoding of(Codes codes) {
    return switch (codes) {
      case FOUR -> CODES4;
      case FIVE -> CODES5;
      case SIX -> CODES6;
    };
  }

  /** Bytes of so many activations; whole blocks for those of 8 bits. */
  long bytes(int count) {
    return switch (this) {
      case F32 -> (long) Float.BYTES * count;
      case BF16 -> (long) Short.BYTES * count;
      case INT8 -> Math.ceilDiv(count, BLOCK) * BLOCK_BYTES;
      case CODES4 -> Codes.FOUR.bytes(count);
      case CODES5 -> Codes.FIVE.bytes(count);
      case CODES6 -> Codes.SIX.bytes(count);
    };
  }
}
