package io.solebox.backend.cuda;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Op;

/**
 * The cache of one layer: a range of keys and one of values, each [blocks][K heads] of one tile. A
 * tile holds {@link KvBlocks#TOKENS} positions of a head.
 */
record KvTiles(KvType type, int numKvHeads, int headDim) {
  /** Of one head; the kernels keep it in registers. */
  private static final int MAX_HEAD_DIM = 256;

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} or {@code UNSUPPORTED_MODEL} where the
   *     kernels have no such heads
   */
  static KvTiles of(Op.Attention op, KvType type) {
    if (op.headDim() > MAX_HEAD_DIM) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          "",
          "The CUDA kernels take heads of at most %d elements, and this model's have %d."
              .formatted(MAX_HEAD_DIM, op.headDim()),
          "Use --device cpu.");
    }
    type.requireFits(op.headDim());
    return new KvTiles(type, op.numKvHeads(), op.headDim());
  }

  /** Elements of a head as stored: whole groups of 8. */
  int paddedDim() {
    return (headDim + 7) / 8 * 8;
  }

  private long tileBytes() {
    return type.stored().bytes((long) KvBlocks.TOKENS * paddedDim());
  }

  /** Bytes of one block in the range of keys, and as many in that of values. */
  long rangeBlockBytes() {
    return numKvHeads * tileBytes();
  }

  /**
   * Whether prompts attend to it on tensor cores. Those round to f16, which is not what an F32
   * cache is chosen for; and their kernels are compiled for the two head dims that nearly all
   * models have.
   */
  boolean fitTensorCores() {
    return type != KvType.F32 && (headDim == 64 || headDim == 128);
  }

  /** The part of a kernel's name: {@code f16}. */
  String kernelName() {
    return type.wireName();
  }
}
