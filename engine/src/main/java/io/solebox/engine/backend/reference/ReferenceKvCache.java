package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a paged keep holds: keys [blocks * KvBlocks.TOKENS, keyWidth] and values [.., valueWidth],
 * in the storage of the KV type.
 */
final class ReferenceKvCache {
  private final int group;
  private final Rows keys;
  private final Rows values;

  /**
   * @param group whose block tables say where a position is
   */
  ReferenceKvCache(Keep.Paged keep, int group, int blocks, KvType type) {
    this.group = group;
    this.keys = new Rows(keep.keyWidth(), blocks, type.stored());
    this.values = new Rows(keep.valueWidth(), blocks, type.stored());
  }

  /** Rows of one width, a slot per position of every block. */
  private record Rows(int width, TensorType type, MemorySegment data) {
    Rows(int width, int blocks, TensorType type) {
      long bytes = type.bytes(width) * blocks * KvBlocks.TOKENS;
      this(width, type, MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]));
    }

    void write(int slot, float[] x, int at) {
      long to = slot * type.bytes(width);
      float[] row = Arrays.copyOfRange(x, at, at + width);
      if (type == TensorType.F16) {
        for (int i = 0; i < width; i++) {
          row[i] = Float.float16ToFloat(KvType.half(row[i]));
        }
      }
      BlockLayouts.quantizer(type).orElseThrow().quantize(row, 0, data, to, width);
    }

    /** Of one block, as they lie there. */
    MemorySegment block(int block) {
      long bytes = KvBlocks.TOKENS * type.bytes(width);
      return data.asSlice(block * bytes, bytes);
    }

    void read(int slot, float[] x, int at) {
      BlockLayouts.of(type).dequantize(data, slot * type.bytes(width), x, at, width);
    }
  }

  /** Keys and values of a block, as they lie there. */
  List<MemorySegment> block(int block) {
    return List.of(keys.block(block), values.block(block));
  }

  /**
   * @param v absent where values are a part of the keys
   */
  void write(Batch batch, float[] k, Optional<float[]> v) {
    for (int t = 0; t < batch.size(); t++) {
      int slot = slot(batch, t, batch.positions()[t]);
      keys.write(slot, k, t * keys.width());
      if (v.isPresent()) {
        values.write(slot, v.get(), t * values.width());
      }
    }
  }

  /** Keys f32 [n, keyWidth] of positions {@code first} on, of the sequence of token {@code t}. */
  float[] keys(Batch batch, int t, int first, int n) {
    return rows(keys, batch, t, first, n);
  }

  /** Values f32 [n, valueWidth] of the same. */
  float[] values(Batch batch, int t, int first, int n) {
    return rows(values, batch, t, first, n);
  }

  private float[] rows(Rows from, Batch batch, int t, int first, int n) {
    float[] rows = new float[n * from.width()];
    for (int i = 0; i < n; i++) {
      from.read(slot(batch, t, first + i), rows, i * from.width());
    }
    return rows;
  }

  private int slot(Batch batch, int t, int position) {
    int[] table = batch.sequence(t).blocksOfGroup()[group];
    return table[position / KvBlocks.TOKENS] * KvBlocks.TOKENS + position % KvBlocks.TOKENS;
  }
}
