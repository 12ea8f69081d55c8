package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * To {@link TensorType#Q8_0}, from formats whose values fit a byte and whose runs are whole blocks
 * of 32: the values stay, and scales become f16.
 */
record ToBytes(TensorType from) implements Transcoder {
  private static final TensorType TO = TensorType.Q8_0;
  private static final Q80Layout LAYOUT = new Q80Layout();
  private static final int BLOCK = 32;

  /** The smallest f16 of all 11 bits. */
  private static final float SMALLEST_NORMAL = 0x1p-14f;

  static boolean holds(TensorType from) {
    return from.family().map(ToBytes::holds).orElse(false);
  }

  private static boolean holds(Family family) {
    return family.codes().smallest() >= Byte.MIN_VALUE
        && family.codes().largest() <= Byte.MAX_VALUE
        && family.scales().run() % BLOCK == 0
        && !family.scales().hasMinimums();
  }

  @Override
  public Fidelity fidelity() {
    return switch (from.family().orElseThrow().scales()) {
      case Scales.Single _ -> Fidelity.EXACT;
      case Scales.Power _, Scales.Signed _ -> Fidelity.SAME_CODES;
      case Scales.Pair _, Scales.Nested _ -> throw new AssertionError(from + " has minimums");
    };
  }

  @Override
  public void run(MemorySegment src, MemorySegment dst, long count) {
    Family family = from.family().orElseThrow();
    CodedLayout layout = BlockLayouts.coded(from).orElseThrow();
    int run = family.scales().run();
    int[] values = new int[from.blockSize()];
    long to = 0;
    long end = from.bytes(count);
    for (long at = 0; at < end; at += from.blockBytes()) {
      layout.values(src, at, values);
      float d = family.scales().scale(src, at);
      for (int i = 0; i < values.length; i += BLOCK, to += TO.blockBytes()) {
        put(dst, to, d * layout.scale(src, at, i / run), values, i);
      }
    }
  }

  private static void put(MemorySegment dst, long at, float scale, int[] values, int from) {
    short half = Float.floatToFloat16(scale);
    float stored = Float.float16ToFloat(half);
    if (stored != scale && (Math.abs(stored) < SMALLEST_NORMAL || Float.isInfinite(stored))) {
      rescale(dst, at, scale, values, from);
      return;
    }
    Le.putBits16(dst, at, half);
    for (int i = 0; i < BLOCK; i++) {
      Le.putByte(dst, at + 2 + i, values[from + i]);
    }
  }

  /** Of a scale that f16 does not hold. */
  private static void rescale(MemorySegment dst, long at, float scale, int[] values, int from) {
    float[] floats = new float[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      floats[i] = scale * values[from + i];
    }
    LAYOUT.quantize(floats, 0, dst, at, BLOCK);
  }
}
