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
  private static final int BLOCK = SmallBlocks.SIZE;

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
        SmallBlocks.put(dst, at, to, d * layout.scale(src, block0, i / run), block);
      }
    }
  }
}
