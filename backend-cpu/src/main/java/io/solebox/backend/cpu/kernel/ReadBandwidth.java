package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;

/** The loop that the read bandwidth is measured with: widest loads, four streams, sums kept. */
public final class ReadBandwidth {
  private ReadBandwidth() {}

  /**
   * Reads {@code bytes} (a multiple of 256) from {@code at} on.
   *
   * @return a sum, so that the reads cannot be left out
   */
  public static int read(MemorySegment memory, long at, long bytes) {
    long quarter = bytes / 4;
    IntVector a0 = IntVector.zero(Lanes.I);
    IntVector a1 = a0;
    IntVector a2 = a0;
    IntVector a3 = a0;
    for (long i = at; i < at + quarter; i += 4L * L) {
      a0 = a0.add(load(memory, i));
      a1 = a1.add(load(memory, i + quarter));
      a2 = a2.add(load(memory, i + 2 * quarter));
      a3 = a3.add(load(memory, i + 3 * quarter));
    }
    return a0.add(a1).add(a2).add(a3).lane(0);
  }

  private static IntVector load(MemorySegment memory, long at) {
    return IntVector.fromMemorySegment(Lanes.I, memory, at, Lanes.LE);
  }
}
