package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * How the KV cache of one attention layer lies in memory: block by block, in a block head by head,
 * for each head its keys and then its values.
 *
 * <p>Keys are stored transposed, [D, 32 positions], so that scores of many positions are computed
 * in the lanes of one vector without a reduction. Values are [32 positions, D], D padded to a
 * multiple of 16. In Q8_0, 32 consecutive elements of a head share an f16 scale: values are plain
 * Q8_0 blocks; keys have, for each 32 dimensions, 32 scales (one per position) and then [32, 32]
 * signed bytes.
 *
 * @param headDim D; a multiple of 32 for Q8_0
 */
public record KvLayout(KvType type, int numKvHeads, int headDim) {
  private static final int TOKENS = KvBlocks.TOKENS;

  /** D of values, padded. */
  public int paddedDim() {
    return (headDim + 15) / 16 * 16;
  }

  private long keyBytes() {
    return type.stored().bytes((long) TOKENS * headDim);
  }

  private long headBytes() {
    return keyBytes() + type.stored().bytes((long) TOKENS * paddedDim());
  }

  /** Bytes of one block of this layer. */
  public long blockBytes() {
    return headBytes() * numKvHeads;
  }

  private long keysAt(int block, int head) {
    return block * blockBytes() + head * headBytes();
  }

  private long valuesAt(int block, int head) {
    return keysAt(block, head) + keyBytes();
  }

  /**
   * Stores one token's key and value of one head.
   *
   * @param slot position within the block
   * @param k f32 [D] at byte {@code kAt}
   * @param v f32 [D] at byte {@code vAt}
   */
  public void store(
      MemorySegment cache,
      int block,
      int head,
      int slot,
      MemorySegment k,
      long kAt,
      MemorySegment v,
      long vAt) {
    long keys = keysAt(block, head);
    long values = valuesAt(block, head);
    switch (type) {
      case F32 -> {
        for (int d = 0; d < headDim; d++) {
          cache.set(Lanes.FLOAT, keys + 4L * (d * TOKENS + slot), k.get(Lanes.FLOAT, kAt + 4L * d));
        }
        MemorySegment.copy(v, vAt, cache, values + 4L * slot * paddedDim(), 4L * headDim);
      }
      case F16 -> {
        for (int d = 0; d < headDim; d++) {
          short key = KvType.half(k.get(Lanes.FLOAT, kAt + 4L * d));
          cache.set(Lanes.SHORT, keys + 2L * (d * TOKENS + slot), key);
          short value = KvType.half(v.get(Lanes.FLOAT, vAt + 4L * d));
          cache.set(Lanes.SHORT, values + 2L * (slot * paddedDim() + d), value);
        }
      }
      case Q8_0 -> {
        for (int d = 0; d < headDim; d += 32) {
          long group = keys + 34L * d * TOKENS / 32;
          long block8 = values + 34L * (slot * headDim + d) / 32;
          quantize(k, kAt + 4L * d, cache, group + 2L * slot, group + 64 + slot, TOKENS);
          quantize(v, vAt + 4L * d, cache, block8, block8 + 2, 1);
        }
      }
    }
  }

  /** One block of 32: {@code d = max|x| / 127} as f16, {@code q = round(x / d)}. */
  private static void quantize(
      MemorySegment x, long at, MemorySegment cache, long scaleAt, long bytesAt, int stride) {
    float max = 0;
    for (int i = 0; i < 32; i++) {
      max = Math.max(max, Math.abs(x.get(Lanes.FLOAT, at + 4L * i)));
    }
    float d = max / 127;
    float inverse = d == 0 ? 0 : 1 / d;
    cache.set(Lanes.SHORT, scaleAt, Float.floatToFloat16(d));
    for (int i = 0; i < 32; i++) {
      byte q = (byte) Math.round(x.get(Lanes.FLOAT, at + 4L * i) * inverse);
      cache.set(Lanes.BYTE, bytesAt + (long) i * stride, q);
    }
  }

  /** Keys of one block and head as f32 [D, 32]. */
  void unpackKeys(MemorySegment cache, int block, int head, float[] out, boolean plain) {
    long at = keysAt(block, head);
    int count = TOKENS * headDim;
    switch (type) {
      case F32 -> unpackFloats(cache, at, count, out, plain);
      case F16 -> unpackHalves(cache, at, count, out, plain);
      case Q8_0 -> {
        if (plain) {
          unpackKeysPlainQ8(cache, at, out);
        } else {
          unpackKeysQ8(cache, at, out);
        }
      }
    }
  }

  private static void unpackFloats(
      MemorySegment cache, long at, int count, float[] out, boolean plain) {
    if (plain) {
      MemorySegment.copy(cache, Lanes.FLOAT, at, out, 0, count);
    } else {
      FloatRows.F32.load(cache, at, count, out, 0);
    }
  }

  private static void unpackHalves(
      MemorySegment cache, long at, int count, float[] out, boolean plain) {
    if (plain) {
      Plain.halves(cache, at, count, out);
    } else {
      for (int i = 0; i < count; i += L) {
        Lanes.cachedHalves(Lanes.shorts(cache, at + 2L * i)).intoArray(out, i);
      }
    }
  }

  private void unpackKeysPlainQ8(MemorySegment cache, long keys, float[] out) {
    for (int d = 0; d < headDim; d++) {
      long group = keys + 34L * (d - d % 32);
      for (int p = 0; p < TOKENS; p++) {
        float scale = Plain.half(cache.get(Lanes.SHORT, group + 2L * p));
        byte q = cache.get(Lanes.BYTE, group + 64 + (long) TOKENS * (d % 32) + p);
        out[TOKENS * d + p] = q * scale;
      }
    }
  }

  private void unpackKeysQ8(MemorySegment cache, long keys, float[] out) {
    for (int d = 0; d < headDim; d += 32) {
      long group = keys + 34L * d;
      for (int c = 0; c < TOKENS / L; c++) {
        FloatVector scale = Lanes.halfToFloat(Lanes.shorts(cache, group + 2L * L * c));
        for (int i = 0; i < 32; i++) {
          Lanes.signedBytes(cache, group + 64 + (long) TOKENS * i, c)
              .mul(scale)
              .intoArray(out, TOKENS * (d + i) + L * c);
        }
      }
    }
  }

  /** Values of one block and head as f32 [32, paddedDim]. */
  void unpackValues(MemorySegment cache, int block, int head, float[] out, boolean plain) {
    long at = valuesAt(block, head);
    int count = TOKENS * paddedDim();
    switch (type) {
      case F32 -> unpackFloats(cache, at, count, out, plain);
      case F16 -> unpackHalves(cache, at, count, out, plain);
      case Q8_0 -> {
        if (plain) {
          BlockLayouts.of(TensorType.Q8_0).dequantize(cache, at, out, 0, count);
        } else {
          ByteRows.load(cache, at, count, out, 0);
        }
      }
    }
  }
}
