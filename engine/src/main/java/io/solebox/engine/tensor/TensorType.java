package io.solebox.engine.tensor;

import java.util.Optional;

/**
 * The storage formats of weights. Ids, block sizes and block bytes are those of the GGUF format
 * (ggml-org/ggml: docs/gguf.md, enum ggml_type).
 */
public enum TensorType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  BF16(30, 1, 2);

  private final int id;
  private final int blockSize;
  private final int blockBytes;

  TensorType(int id, int blockSize, int blockBytes) {
    this.id = id;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
  }

  /** The number that stands for this format in a GGUF file. */
  public int id() {
    return id;
  }

  /** Weights per block. A row holds a whole number of blocks. */
  public int blockSize() {
    return blockSize;
  }

  public int blockBytes() {
    return blockBytes;
  }

  /** Bytes of {@code count} weights; {@code count} must be a multiple of {@link #blockSize()}. */
  public long bytes(long count) {
    assert count % blockSize == 0 : this + " " + count;
    return Math.multiplyExact(count / blockSize, blockBytes);
  }

  public static Optional<TensorType> byId(int id) {
    for (TensorType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
