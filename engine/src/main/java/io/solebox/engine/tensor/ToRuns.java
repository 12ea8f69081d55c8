package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * To formats of blocks of 256 whose runs of 16 have integers as scales, from formats of the same
 * blocks whose values and integers are among theirs. Values that have a divisor in common are
 * divided by it, which the scale of the block makes up for.
 */
record ToRuns(TensorType from, TensorType to) implements Transcoder {
  private static final Set<TensorType> TARGETS = Set.of(TensorType.Q3_K, TensorType.Q6_K);

  static boolean holds(TensorType from, TensorType to) {
    return TARGETS.contains(to)
        && from.blockSize() == to.blockSize()
        && from.family().map(f -> holds(f, to.family().orElseThrow())).orElse(false);
  }

  private static boolean holds(Family family, Family to) {
    int unit = family.codes().unit();
    return family.codes().smallest() / unit >= to.codes().smallest()
        && family.codes().largest() / unit <= to.codes().largest()
        && family.scales().run() % to.scales().run() == 0
        && signedBits(family.scales()) <= to.scales().bits();
  }

  /** Bits that hold all integers of runs; more than there are where they are not all there is. */
  private static int signedBits(Scales scales) {
    return switch (scales) {
      case Scales.Single _ -> 2;
      case Scales.Signed s -> s.bits();
      case Scales.Odd s -> s.bits() + 2;
      case Scales.Scattered s -> s.bits() + 2;
      case Scales.Power _, Scales.Minifloats _, Scales.Pair _, Scales.Nested _ -> Integer.SIZE;
    };
  }

  /** A scale that is not an f16 to begin with loses bits where it is very small. */
  @Override
  public Fidelity fidelity() {
    Family family = from.family().orElseThrow();
    return switch (family.scales()) {
      case Scales.Odd s when 1 << s.shift() > family.codes().unit() -> Fidelity.SAME_CODES;
      case Scales.Scattered s when 1 << s.shift() > family.codes().unit() -> Fidelity.SAME_CODES;
      case Scales.Single _, Scales.Signed _, Scales.Odd _, Scales.Scattered _ -> Fidelity.EXACT;
      case Scales.Power _, Scales.Minifloats _, Scales.Pair _, Scales.Nested _ ->
          throw new AssertionError(from + " has other scales");
    };
  }

  @Override
  public void run(MemorySegment src, MemorySegment dst, long count) {
    Family family = from.family().orElseThrow();
    Family toFamily = to.family().orElseThrow();
    CodedLayout layout = BlockLayouts.coded(from).orElseThrow();
    int unit = family.codes().unit();
    int[] values = new int[from.blockSize()];
    int[] scales = new int[to.blockSize() / toFamily.scales().run()];
    long at = 0;
    long end = from.bytes(count);
    for (long block = 0; block < end; block += from.blockBytes(), at += to.blockBytes()) {
      layout.values(src, block, values);
      for (int i = 0; i < values.length; i++) {
        values[i] /= unit;
      }
      for (int r = 0; r < scales.length; r++) {
        scales[r] = layout.scale(src, block, r * toFamily.scales().run() / family.scales().run());
      }
      if (to == TensorType.Q3_K) {
        Q3KLayout.put(dst, at, values, scales);
      } else {
        Q6KLayout.put(dst, at, values, scales);
      }
      toFamily.scales().putScale(dst, at, unit * family.scales().scale(src, block));
    }
  }
}
