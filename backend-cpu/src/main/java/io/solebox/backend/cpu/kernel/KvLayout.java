package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * How the KV cache of one attention layer lies in memory: block by block, in a block head by head,
 * for each head its keys and then its values.
 *
 * <p>Keys are stored transposed, [D, 32 positions], so that scores of many positions are computed
 * in the lanes of one vector without a reduction. Values are [32 positions, Dv], Dv padded to a
 * multiple of 16; where they are a part of the keys there are none. In Q8_0, 32 consecutive
 * elements of a head share an f16 scale: values are plain Q8_0 blocks; keys have, for each 32
 * dimensions, 32 scales (one per position) and then [32, 32] signed bytes.
 *
 * @param keyDim D; a multiple of 32 for Q8_0
 * @param valueDim Dv; likewise
 * @param latent whether values are the first Dv elements of keys
 */
public record KvLayout(KvType type, int numKvHeads, int keyDim, int valueDim, boolean latent) {
  private static final int TOKENS = KvBlocks.TOKENS;

  /** Of an attention. */
  public static KvLayout of(AttentionShape shape, KvType type) {
    return new KvLayout(
        type, shape.numKvHeads(), shape.headDim(), shape.valueDim(), shape.latent());
  }

  /** Dv, padded. */
  public int paddedDim() {
    return (valueDim + 15) / 16 * 16;
  }

  private long keyBytes() {
    return type.stored().bytes((long) TOKENS * keyDim);
  }

  private long headBytes() {
    return latent ? keyBytes() : keyBytes() + type.stored().bytes((long) TOKENS * paddedDim());
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
   * Stores one token's key of one head.
   *
   * @param slot position within the block
   * @param k f32 [D] at byte {@code at}
   */
  public void storeKey(
      MemorySegment cache, int block, int head, int slot, MemorySegment k, long at) {
    long keys = keysAt(block, head);
    switch (type) {
      case F32 -> {
        for (int d = 0; d < keyDim; d++) {
          cache.set(Lanes.FLOAT, keys + 4L * (d * TOKENS + slot), k.get(Lanes.FLOAT, at + 4L * d));
        }
      }
      case F16 -> {
        for (int d = 0; d < keyDim; d++) {
          short key = KvType.half(k.get(Lanes.FLOAT, at + 4L * d));
          cache.set(Lanes.SHORT, keys + 2L * (d * TOKENS + slot), key);
        }
      }
      case Q8_0 -> {
        for (int d = 0; d < keyDim; d += 32) {
          long group = keys + 34L * d * TOKENS / 32;
          quantize(k, at + 4L * d, cache, group + 2L * slot, group + 64 + slot, TOKENS);
        }
      }
    }
  }

  /** The same of its value, f32 [Dv]; not where values are a part of the keys. */
  public void storeValue(
      MemorySegment cache, int block, int head, int slot, MemorySegment v, long at) {
    long values = valuesAt(block, head);
    switch (type) {
      case F32 -> MemorySegment.copy(v, at, cache, values + 4L * slot * paddedDim(), 4L * valueDim);
      case F16 -> {
        for (int d = 0; d < valueDim; d++) {
          short value = KvType.half(v.get(Lanes.FLOAT, at + 4L * d));
          cache.set(Lanes.SHORT, values + 2L * (slot * paddedDim() + d), value);
        }
      }
      case Q8_0 -> {
        for (int d = 0; d < valueDim; d += 32) {
          long block8 = values + 34L * (slot * valueDim + d) / 32;
          quantize(v, at + 4L * d, cache, block8, block8 + 2, 1);
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
    int count = TOKENS * keyDim;
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
    for (int d = 0; d < keyDim; d++) {
      long group = keys + 34L * (d - d % 32);
      for (int p = 0; p < TOKENS; p++) {
        float scale = Plain.half(cache.get(Lanes.SHORT, group + 2L * p));
        byte q = cache.get(Lanes.BYTE, group + 64 + (long) TOKENS * (d % 32) + p);
        out[TOKENS * d + p] = q * scale;
      }
    }
  }

  private void unpackKeysQ8(MemorySegment cache, long keys, float[] out) {
    for (int d = 0; d < keyDim; d += 32) {
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

  /**
   * Values of one block and head as f32 [32, paddedDim].
   *
   * @param keys room for {@link #unpackKeys}
   */
  void unpackValues(
      MemorySegment cache, int block, int head, float[] keys, float[] out, boolean plain) {
    if (latent) {
      unpackKeys(cache, block, head, keys, plain);
      turn(keys, out);
    } else {
      unpackValues(cache, block, head, out, plain);
    }
  }

  /** Keys [D, 32] to values [32, padded Dv]. */
  private void turn(float[] keys, float[] values) {
    for (int d = 0; d < valueDim; d++) {
      for (int p = 0; p < TOKENS; p++) {
        values[p * paddedDim() + d] = keys[d * TOKENS + p];
      }
    }
  }

  private void unpackValues(MemorySegment cache, int block, int head, float[] out, boolean plain) {
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
