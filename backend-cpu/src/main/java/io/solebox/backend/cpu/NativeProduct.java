package io.solebox.backend.cpu;

import io.solebox.backend.cpu.nativelib.CpuBindings;

/**
 * A matrix and its product with activations, {@code out = x W^T + bias}.
 *
 * @param interleaved whether the weights are repacked, and the activations in blocks of 8 bits
 * @param type as in GGUF files
 * @param w address of [rows, cols]
 * @param bias address of f32 [rows], or 0 for none
 */
record NativeProduct(
    CpuBindings library, boolean interleaved, int type, long w, int rows, int cols, long bias) {
  /** Rows that are cheapest together; of a repacked matrix these are its groups. */
  static final int GROUP_ROWS = LibraryKernels.Interleaving.GROUP_ROWS;

  int groups() {
    return Math.ceilDiv(rows, GROUP_ROWS);
  }

  /** Multiply-adds of a group for each token. */
  long groupWork() {
    return (long) GROUP_ROWS * cols;
  }

  /** Computes the rows of groups {@code from} to {@code to}, exclusive, for all tokens. */
  void run(int from, int to, long x, int tokens, long out) {
    if (interleaved) {
      library.linearQuantized(type, w, rows, cols, from, to, x, tokens, bias, out);
    } else {
      int last = Math.min(rows, to * GROUP_ROWS);
      library.linearDense(type, w, rows, cols, from * GROUP_ROWS, last, x, tokens, bias, out);
    }
  }
}
