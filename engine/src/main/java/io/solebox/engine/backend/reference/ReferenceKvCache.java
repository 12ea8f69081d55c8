package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.BlockLayout;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.Quantizer;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Keys and values of one layer: [blocks * KvBlocks.TOKENS, K*D] each, in the storage of the KV
 * type.
 */
final class ReferenceKvCache {
  private final int width; // K*D
  private final long rowBytes;
  private final BlockLayout layout;
  private final Quantizer quantizer;
  private final MemorySegment keys;
  private final MemorySegment values;

  ReferenceKvCache(int blocks, int width, KvType type) {
    TensorType stored = stored(type);
    this.width = width;
    this.rowBytes = stored.bytes(width);
    this.layout = BlockLayouts.of(stored);
    this.quantizer = BlockLayouts.quantizer(stored).orElseThrow();
    int bytes = Math.toIntExact(rowBytes * blocks * KvBlocks.TOKENS);
    this.keys = MemorySegment.ofArray(new byte[bytes]);
    this.values = MemorySegment.ofArray(new byte[bytes]);
  }

  /** The weight format of the same layout. */
  static TensorType stored(KvType type) {
    return switch (type) {
      case F32 -> TensorType.F32;
      case F16 -> TensorType.F16;
      case Q8_0 -> TensorType.Q8_0;
    };
  }

  void write(Batch batch, float[] k, float[] v) {
    for (int t = 0; t < batch.size(); t++) {
      long at = slot(batch, t, batch.positions()[t]) * rowBytes;
      quantizer.quantize(k, t * width, keys, at, width);
      quantizer.quantize(v, t * width, values, at, width);
    }
  }

  /** Keys f32 [n, K*D] of positions {@code first} on, of the sequence of token {@code t}. */
  float[] keys(Batch batch, int t, int first, int n) {
    return rows(keys, batch, t, first, n);
  }

  /** Values f32 [n, K*D] of the same. */
  float[] values(Batch batch, int t, int first, int n) {
    return rows(values, batch, t, first, n);
  }

  private float[] rows(MemorySegment from, Batch batch, int t, int first, int n) {
    float[] rows = new float[n * width];
    for (int i = 0; i < n; i++) {
      layout.dequantize(from, slot(batch, t, first + i) * rowBytes, rows, i * width, width);
    }
    return rows;
  }

  private static int slot(Batch batch, int t, int position) {
    int[] table = batch.blockTables()[batch.sequenceOf()[t]];
    return table[position / KvBlocks.TOKENS] * KvBlocks.TOKENS + position % KvBlocks.TOKENS;
  }
}
