package io.solebox.engine.tensor;

import java.util.Optional;

/**
 * The storage formats of weights. Ids, block sizes and block bytes are those of the GGUF format
 * (ggml-org/ggml: docs/gguf.md, enum ggml_type), families those of its blocks (src/ggml-common.h).
 */
public enum TensorType {
  F32(0, 0, 4),
  F16(1, 1, 2),
  Q4_0(2, 2, 32, 18, Codebook.linear(4, 8), new Scales.Single(32, 0)),
  Q4_1(3, 3, 32, 20, Codebook.linear(4, 0), new Scales.Pair(32, 0)),
  Q5_0(6, 8, 32, 22, Codebook.linear(5, 16), new Scales.Single(32, 0)),
  Q5_1(7, 9, 32, 24, Codebook.linear(5, 0), new Scales.Pair(32, 0)),
  Q8_0(8, 7, 32, 34, Codebook.linear(8, 128), new Scales.Single(32, 0)),
  Q2_K(10, 10, 256, 84, Codebook.linear(2, 0), new Scales.Nested(16, 4, 80)),
  Q3_K(11, 11, 256, 110, Codebook.linear(3, 4), new Scales.Signed(16, 6, 108)),
  Q4_K(12, 14, 256, 144, Codebook.linear(4, 0), new Scales.Nested(32, 6, 0)),
  Q5_K(13, 16, 256, 176, Codebook.linear(5, 0), new Scales.Nested(32, 6, 0)),
  Q6_K(14, 18, 256, 210, Codebook.linear(6, 32), new Scales.Signed(16, 8, 208)),
  IQ4_NL(20, 25, 32, 18, Tables.IQ4, new Scales.Single(32, 0)),
  IQ4_XS(23, 30, 256, 136, Tables.IQ4, new Scales.Signed(32, 6, 0)),
  BF16(30, 32, 2),
  MXFP4(39, 38, 32, 17, Tables.E2M1, new Scales.Power(32, 0));

  /** Codes that are not evenly spaced (ggml-org/ggml: src/ggml-common.h). */
  private static final class Tables {
    static final Codebook IQ4 =
        Codebook.table(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /** Floats of 4 bits, doubled. */
    static final Codebook E2M1 =
        Codebook.table(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
  }

  private final int id;
  private final int fileType;
  private final int blockSize;
  private final int blockBytes;
  private final Optional<Family> family;

  /** A float for each weight. */
  TensorType(int id, int fileType, int bytes) {
    this(id, fileType, 1, bytes, Optional.empty());
  }

  TensorType(int id, int fileType, int blockSize, int blockBytes, Codebook codes, Scales scales) {
    this(id, fileType, blockSize, blockBytes, Optional.of(new Family(codes, scales)));
  }

  TensorType(int id, int fileType, int blockSize, int blockBytes, Optional<Family> family) {
    this.id = id;
    this.fileType = fileType;
    this.blockSize = blockSize;
    this.blockBytes = blockBytes;
    this.family = family;
  }

  /** The number that stands for this format in a GGUF file. */
  public int id() {
    return id;
  }

  /** The number in {@code general.file_type} of files that are mostly in this format. */
  public int fileType() {
    return fileType;
  }

  /** Weights per block. A row holds a whole number of blocks. */
  public int blockSize() {
    return blockSize;
  }

  public int blockBytes() {
    return blockBytes;
  }

  /** What it is made of; empty for floats. */
  public Optional<Family> family() {
    return family;
  }

  /** Whether weights are codes that share scales, and not floats. */
  public boolean isQuantized() {
    return family.isPresent();
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
