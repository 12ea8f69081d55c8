package io.solebox.backend.cuda;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Op;

/**
 * The cache of one layer: a range of keys and one of values, each [blocks][K heads] of one tile. A
 * tile holds {@link KvBlocks#TOKENS} positions of a head.
 *
 * @param latent whether values are the first elements of the keys, and there is no range of them
 */
record KvTiles(KvType type, int numKvHeads, int headDim, int valueDim, boolean latent) {
  /** Of one head; the kernels keep it in registers. */
  private static final int MAX_HEAD_DIM = 256;

  /** Those of latents keep a head in shared memory, and its sums in registers. */
  private static final int MAX_LATENT_DIM = 576;

  private static final int MAX_LATENT_VALUE_DIM = 512;

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} or {@code UNSUPPORTED_MODEL} where the
   *     kernels have no such heads
   */
  static KvTiles of(Op.Attention op, KvType type) {
    boolean latent = op.shape().latent();
    require(op, op.headDim(), latent ? MAX_LATENT_DIM : MAX_HEAD_DIM);
    require(op, op.shape().valueDim(), latent ? MAX_LATENT_VALUE_DIM : MAX_HEAD_DIM);
    type.requireFits(op.headDim());
    if (!latent) {
      type.requireFits(op.shape().valueDim());
    }
    return new KvTiles(type, op.numKvHeads(), op.headDim(), op.shape().valueDim(), latent);
  }

  private static void require(Op.Attention op, int dim, int most) {
    if (dim > most) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          op.out().name(),
          "The CUDA kernels take heads of at most %d elements, and this model's have %d."
              .formatted(most, dim),
          "Use --device cpu.");
    }
  }

  /** Elements of a head as stored: whole groups of 8. */
  static int padded(int dim) {
    return (dim + 7) / 8 * 8;
  }

  private long bytes(int dim) {
    return numKvHeads * type.stored().bytes((long) KvBlocks.TOKENS * padded(dim));
  }

  /** Bytes of one block in the range of keys. */
  long keyBlockBytes() {
    return bytes(headDim);
  }

  /** Bytes of one block in the range of values. */
  long valueBlockBytes() {
    return latent ? 0 : bytes(valueDim);
  }

  /** Bytes of one block in both. */
  long blockBytes() {
    return keyBlockBytes() + valueBlockBytes();
  }

  /**
   * Whether prompts attend to it on tensor cores. Those round to f16, which is not what an F32
   * cache is chosen for; and their kernels are compiled for the two head dims that nearly all
   * models have.
   */
  boolean fitTensorCores() {
    return type != KvType.F32 && headDim == valueDim && (headDim == 64 || headDim == 128);
  }

  /** The part of a kernel's name: {@code f16}. */
  String kernelName() {
    return type.wireName();
  }
}
