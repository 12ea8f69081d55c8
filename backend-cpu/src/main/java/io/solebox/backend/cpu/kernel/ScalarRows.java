package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** Any format, by the scalar truth: for exact products, of which few are asked for. */
record ScalarRows(TensorType type) implements RowFormat {
  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    BlockLayouts.of(type).dequantize(w, at, out, outAt, count);
  }
}
