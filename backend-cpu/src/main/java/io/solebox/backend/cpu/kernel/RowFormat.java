package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** How the weights of one format become f32, bit by bit what the scalar truth makes of them. */
sealed interface RowFormat permits DotFormat, KRows, ScalarRows, SixBitRows, SmallRows {

  /**
   * Dequantizes {@code count} weights (whole blocks) from byte {@code at} of {@code w} to {@code
   * out[outAt..]}. Where L does not divide the count, zeros follow up to the next multiple of L.
   */
  void unpack(MemorySegment w, long at, int count, float[] out, int outAt);

  /** Formats that vectors unpack; it is the scalar truth that unpacks all others. */
  Map<TensorType, RowFormat> VECTORS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(TensorType.F32, new FloatRows.F32()),
              Map.entry(TensorType.F16, new FloatRows.F16()),
              Map.entry(TensorType.BF16, new FloatRows.BF16()),
              Map.entry(TensorType.Q8_0, new ByteRows()),
              Map.entry(TensorType.Q4_0, new SmallRows(TensorType.Q4_0)),
              Map.entry(TensorType.Q4_1, new SmallRows(TensorType.Q4_1)),
              Map.entry(TensorType.Q5_0, new SmallRows(TensorType.Q5_0)),
              Map.entry(TensorType.Q5_1, new SmallRows(TensorType.Q5_1)),
              Map.entry(TensorType.Q4_K, new KRows(TensorType.Q4_K)),
              Map.entry(TensorType.Q5_K, new KRows(TensorType.Q5_K)),
              Map.entry(TensorType.Q6_K, new SixBitRows())));

  static RowFormat of(TensorType type) {
    RowFormat vectors = VECTORS.get(type);
    return vectors == null ? new ScalarRows(type) : vectors;
  }
}
