package io.solebox.backend.cuda.fake;

/** Groups of lanes of one warp that stand at different instructions. */
final class LaneGroups {
  private static final int NOWHERE = Integer.MAX_VALUE;

  private final int[] pcs = new int[Registers.LANES];
  private final int[] masks = new int[Registers.LANES];
  private int count;
  private int lowest = NOWHERE;

  void clear() {
    count = 0;
    lowest = NOWHERE;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Where the group furthest behind stands; beyond every program if there is none. */
  int lowest() {
    return lowest;
  }

  /** Puts lanes to those that stand at {@code pc}. */
  void add(int pc, int lanes) {
    for (int i = 0; i < count; i++) {
      if (pcs[i] == pc) {
        masks[i] |= lanes;
        return;
      }
    }
    pcs[count] = pc;
    masks[count++] = lanes;
    lowest = Math.min(lowest, pc);
  }

  /** Takes the lanes that stand at {@code pc} away; 0 if there are none. */
  int take(int pc) {
    int lanes = 0;
    int least = NOWHERE;
    for (int i = 0; i < count; i++) {
      if (pcs[i] == pc) {
        lanes = masks[i];
        count--;
        pcs[i] = pcs[count];
        masks[i] = masks[count];
      }
      if (i < count) {
        least = Math.min(least, pcs[i]);
      }
    }
    lowest = least;
    return lanes;
  }
}
