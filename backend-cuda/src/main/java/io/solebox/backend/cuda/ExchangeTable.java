package io.solebox.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

/**
 * What the kernels of one rank take: struct {@code Exchange} of all_reduce.cu.
 *
 * @param rank its number
 * @param ranks how many there are
 * @param targets where it writes, each place once
 * @param sources by rank, where it finds what the others wrote; all but its own
 * @param words addresses of single words and of the sums so far
 */
record ExchangeTable(
    int rank, int ranks, List<Target> targets, Map<Integer, Long> sources, Words words) {
  static final long BYTES = 376;

  /**
   * After that many looks at a flag nobody is waited for any more: on a card, where one takes about
   * a microsecond, in ten to twenty seconds.
   */
  private static final int MOST_LOOKS = 1 << 24;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  /**
   * A place that others read.
   *
   * @param first rank that it is for
   * @param last behind the last rank that it is for
   */
  record Target(long address, int first, int last) {}

  /** Addresses. */
  record Words(long sums, long failed, long stop, long verdict) {}

  void write(SumRoom room, MemorySegment to) {
    to.asSlice(0, BYTES).fill((byte) 0);
    for (int t = 0; t < targets.size(); t++) {
      Target target = targets.get(t);
      to.set(LONG, 8L * t, target.address);
      to.set(LONG, 64 + 8L * t, target.address + room.flagsAt());
      to.set(INT, 296 + 4L * t, target.first);
      to.set(INT, 328 + 4L * t, target.last);
    }
    sources.forEach(
        (r, address) -> {
          to.set(LONG, 128 + 8L * r, address);
          to.set(LONG, 192 + 8L * r, address + room.flagsAt());
        });
    to.set(LONG, 256, words.sums);
    to.set(LONG, 264, words.failed);
    to.set(LONG, 272, words.stop);
    to.set(LONG, 280, words.verdict);
    to.set(LONG, 288, room.slotBytes());
    to.set(INT, 360, rank);
    to.set(INT, 364, ranks);
    to.set(INT, 368, targets.size());
    to.set(INT, 372, MOST_LOOKS);
  }
}
