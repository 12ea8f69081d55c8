package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * To formats of evenly spaced codes in blocks of 32 with an f16 scale, from formats whose values
 * are among theirs and whose runs are whole blocks: the values stay, and scales become f16.
 */
record ToSmallBlocks(TensorType from, TensorType to) implements Transcoder {
  private static final Set<TensorType> TARGETS =
      Set.of(TensorType.Q4_0, TensorType.Q5_0, TensorType.Q8_0);
  private static final int BLOCK = 32;

  /** The smallest f16 of all 11 bits, the smallest of any, and the largest. */
  private static final float SMALLEST_NORMAL = 0x1p-14f;

  private static final float SMALLEST = 0x1p-24f;
  private static final float LARGEST = 65504;

  static boolean holds(TensorType from, TensorType to) {
    return TARGETS.contains(to) && from.family().map(f -> holds(f, to)).orElse(false);
  }

  private static boolean holds(Family family, TensorType to) {
    Codebook codes = to.family().orElseThrow().codes();
    return family.codes().smallest() >= codes.smallest()
        && family.codes().largest() <= codes.largest()
        && family.scales().run() % BLOCK == 0
        && !family.scales().hasMinimums();
  }

  @Override
  public Fidelity fidelity() {
    return switch (from.family().orElseThrow().scales()) {
      case Scales.Single _ -> Fidelity.EXACT;
      case Scales.Power _, Scales.Signed _, Scales.Odd _, Scales.Scattered _, Scales.Minifloats _ ->
          Fidelity.SAME_CODES;
      case Scales.Pair _, Scales.Nested _ -> throw new AssertionError(from + " has minimums");
    };
  }

  @Override
  public void run(MemorySegment src, MemorySegment dst, long count) {
    Family family = from.family().orElseThrow();
    CodedLayout layout = BlockLayouts.coded(from).orElseThrow();
    int run = family.scales().run();
    int[] values = new int[from.blockSize()];
    int[] block = new int[BLOCK];
    long at = 0;
    long end = from.bytes(count);
    for (long block0 = 0; block0 < end; block0 += from.blockBytes()) {
      layout.values(src, block0, values);
      float d = family.scales().scale(src, block0);
      for (int i = 0; i < values.length; i += BLOCK, at += to.blockBytes()) {
        System.arraycopy(values, i, block, 0, BLOCK);
        put(dst, at, d * layout.scale(src, block0, i / run), block);
      }
    }
  }

  private void put(MemorySegment dst, long at, float scale, int[] values) {
    short half = Float.floatToFloat16(scale);
    float stored = Float.float16ToFloat(half);
    if (stored != scale && (Math.abs(stored) < SMALLEST_NORMAL || Float.isInfinite(stored))) {
      rescale(dst, at, scale, values);
      return;
    }
    write(dst, at, half, values);
  }

  /** Of a scale that f16 does not hold: the nearest that it does, and codes that make up for it. */
  private void rescale(MemorySegment dst, long at, float scale, int[] values) {
    float clamped = Math.copySign(Math.clamp(Math.abs(scale), SMALLEST, LARGEST), scale);
    short half = Float.floatToFloat16(clamped);
    float stored = Float.float16ToFloat(half);
    Codebook codes = to.family().orElseThrow().codes();
    for (int i = 0; i < BLOCK; i++) {
      long nearest = Math.round((double) scale * values[i] / stored);
      values[i] = Math.clamp(nearest, codes.smallest(), codes.largest());
    }
    write(dst, at, half, values);
  }

  private void write(MemorySegment dst, long at, short scale, int[] values) {
    Le.putBits16(dst, at, scale);
    switch (to) {
      case Q4_0 -> NibbleLayout.put(dst, at + 2, values);
      case Q5_0 -> FiveBitLayout.put(dst, at + 2, values);
      default -> Q80Layout.put(dst, at + 2, values);
    }
  }
}
