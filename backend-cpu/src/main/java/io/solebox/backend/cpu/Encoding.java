package io.solebox.backend.cpu;

/** How the activations of a token lie in memory. */
enum Encoding {
  F32,
  BF16,
  /** Blocks of 32 signed bytes with their scale and sums: {@code struct activation_block}. */
  INT8;

  private static final int BLOCK = 32;
  private static final long BLOCK_BYTES = 48;

  /** Bytes of so many activations; whole blocks for {@link #INT8}. */
  long bytes(int count) {
    return switch (this) {
      case F32 -> (long) Float.BYTES * count;
      case BF16 -> (long) Short.BYTES * count;
      case INT8 -> Math.ceilDiv(count, BLOCK) * BLOCK_BYTES;
    };
  }
}
