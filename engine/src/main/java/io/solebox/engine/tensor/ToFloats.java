package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/** By way of floats, from any format to those that can be quantized. */
record ToFloats(TensorType from, TensorType to) implements Transcoder {
  /** Whole blocks of every format. */
  private static final int CHUNK = 256;

  @Override
  public Fidelity fidelity() {
    return to == TensorType.F32 ? Fidelity.EXACT : Fidelity.ROUNDED;
  }

  @Override
  public void run(MemorySegment src, MemorySegment dst, long count) {
    BlockLayout layout = BlockLayouts.of(from);
    Quantizer quantizer = BlockLayouts.quantizer(to).orElseThrow();
    float[] values = new float[CHUNK];
    for (long at = 0; at < count; at += CHUNK) {
      int n = (int) Math.min(CHUNK, count - at);
      layout.dequantize(src, from.bytes(at), values, 0, n);
      quantizer.quantize(values, 0, dst, to.bytes(at), n);
    }
  }
}
