package io.solebox.engine.backend;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tensor.TensorType;
import java.util.Locale;

/** How keys and values are stored. */
public enum KvType {
  F32(TensorType.F32),
  F16(TensorType.F16),
  /** Blocks of 32 with an f16 scale, which heads must hold a whole number of. */
  Q8_0(TensorType.Q8_0);

  private static final float LARGEST_HALF = 65504;

  private final TensorType stored;

  KvType(TensorType stored) {
    this.stored = stored;
  }

  /** The weight format of the same layout. */
  public TensorType stored() {
    return stored;
  }

  /** Bytes of so many keys or values; whole blocks for {@link #Q8_0}. */
  public double bytes(double elements) {
    return elements / stored.blockSize() * stored.blockBytes();
  }

  /**
   * What {@link #F16} stores: the nearest f16, beyond its range the last one. Infinity would become
   * NaN in attention, while the last one means nearly what the number meant. A NaN stays.
   */
  public static short half(float x) {
    return Float.floatToFloat16(Math.clamp(x, -LARGEST_HALF, LARGEST_HALF));
  }

  /** As on the command line: {@code f16}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where heads of so many elements are no whole
   *     blocks
   */
  public void requireFits(int headDim) {
    if (headDim % stored.blockSize() != 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "kv-type",
          "A %s KV cache needs heads of a multiple of %d, and this model's have %d elements."
              .formatted(wireName(), stored.blockSize(), headDim),
          "Use --kv-type f16.");
    }
  }
}
