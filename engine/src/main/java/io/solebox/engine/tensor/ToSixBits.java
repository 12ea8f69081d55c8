package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * To {@link TensorType#Q6_K}, from formats of the same blocks whose values fit 6 bits and whose
 * scales are integers of 8 bits times an f16: nothing changes.
 */
record ToSixBits(TensorType from) implements Transcoder {
  private static final TensorType TO = TensorType.Q6_K;
  private static final Family TO_FAMILY = TO.family().orElseThrow();

  static boolean holds(TensorType from) {
    return from.blockSize() == TO.blockSize() && from.family().map(ToSixBits::holds).orElse(false);
  }

  private static boolean holds(Family family) {
    return family.codes().smallest() >= TO_FAMILY.codes().smallest()
        && family.codes().largest() <= TO_FAMILY.codes().largest()
        && family.scales() instanceof Scales.Signed scales
        && scales.run() % TO_FAMILY.scales().run() == 0
        && scales.bits() <= TO_FAMILY.scales().bits();
  }

  @Override
  public Fidelity fidelity() {
    return Fidelity.EXACT;
  }

  @Override
  public void run(MemorySegment src, MemorySegment dst, long count) {
    Family family = from.family().orElseThrow();
    CodedLayout layout = BlockLayouts.coded(from).orElseThrow();
    int[] values = new int[from.blockSize()];
    int[] scales = new int[TO.blockSize() / TO_FAMILY.scales().run()];
    long to = 0;
    long end = from.bytes(count);
    for (long at = 0; at < end; at += from.blockBytes(), to += TO.blockBytes()) {
      layout.values(src, at, values);
      for (int r = 0; r < scales.length; r++) {
        scales[r] = layout.scale(src, at, r * TO_FAMILY.scales().run() / family.scales().run());
      }
      Q6KLayout.put(dst, to, values, scales);
      TO_FAMILY.scales().putScale(dst, to, family.scales().scale(src, at));
    }
  }
}
