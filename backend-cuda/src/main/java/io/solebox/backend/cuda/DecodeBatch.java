package io.solebox.backend.cuda;

/** The sizes that decode steps are padded to, so that few captured graphs serve them all. */
final class DecodeBatch {
  /** The most columns of a matrix-vector kernel. */
  static final int LARGEST = 8;

  /**
   * The most tokens that decode together: as many columns as a product reads its weights for once.
   */
  static final int LANES = 64;

  private DecodeBatch() {}

  /** 1, 2, 4 to {@link #LANES}: the smallest that holds {@code tokens}. */
  static int bucket(int tokens) {
    assert tokens >= 1 && tokens <= LANES : tokens;
    return powerOfTwo(tokens);
  }

  /** The smallest power of two that is at least {@code n}. */
  static int powerOfTwo(int n) {
    return n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
  }
}
