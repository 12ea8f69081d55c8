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
  IQ2_XXS(16, 19, 256, 66, Tables.IQ2, new Scales.Odd(32, 4, 0, 3)),
  IQ2_XS(17, 20, 256, 74, Tables.IQ2, new Scales.Odd(16, 4, 0, 3)),
  IQ3_XXS(18, 23, 256, 98, Tables.IQ3_XXS, new Scales.Odd(32, 4, 0, 2)),
  IQ1_S(19, 24, 256, 50, Tables.IQ1, new Scales.Odd(32, 3, 0, 3)),
  IQ4_NL(20, 25, 32, 18, Tables.IQ4, new Scales.Single(32, 0)),
  IQ3_S(21, 26, 256, 110, Tables.IQ3_S, new Scales.Odd(32, 4, 0, 0)),
  IQ2_S(22, 28, 256, 82, Tables.IQ2, new Scales.Odd(16, 4, 0, 3)),
  IQ4_XS(23, 30, 256, 136, Tables.IQ4, new Scales.Signed(32, 6, 0)),
  IQ1_M(29, 31, 256, 56, Tables.IQ1, new Scales.Scattered(16, 3, 48, 3)),
  BF16(30, 32, 2),
  TQ1_0(34, 36, 256, 54, Codebook.linear(2, 1), new Scales.Single(256, 52)),
  TQ2_0(35, 37, 256, 66, Codebook.linear(2, 1), new Scales.Single(256, 64)),
  MXFP4(39, 38, 32, 17, Tables.E2M1, new Scales.Power(32, 0)),
  NVFP4(40, 39, 64, 36, Tables.E2M1, new Scales.Minifloats(16, 0, 4)),
  Q1_0(41, 40, 128, 18, Codebook.table(-1, 1), new Scales.Single(128, 0)),
  Q2_0(42, 41, 64, 18, Codebook.linear(2, 1), new Scales.Single(64, 0));

  /** Codes that are not evenly spaced (ggml-org/ggml: src/ggml-common.h). */
  private static final class Tables {
    static final Codebook IQ4 =
        Codebook.table(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /** Floats of 4 bits, doubled. */
    static final Codebook E2M1 =
        Codebook.table(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

    /** Levels of a {@link Grid}, and a sign above them. Three of four levels are used. */
    static final Codebook IQ2 = Codebook.table(8, 25, 43, 43, -8, -25, -43, -43);

    static final Codebook IQ3_XXS =
        Codebook.table(4, 12, 20, 28, 36, 44, 52, 62, -4, -12, -20, -28, -36, -44, -52, -62);
    static final Codebook IQ3_S =
        Codebook.table(1, 3, 5, 7, 9, 11, 13, 15, -1, -3, -5, -7, -9, -11, -13, -15);

    /** Eight times -1, 0 or 1, plus 1 or, with the bit above them, minus 1. */
    static final Codebook IQ1 = Codebook.table(-7, 1, 9, 9, -9, -1, 7, 7);
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
