package io.solebox.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the memory gives when all threads only read: the yardstick of decode. Four streams per
 * thread over 1 GiB, median of five after a warm-up.
 */
final class BandwidthMeter {
  static final long BYTES = 1L << 30;
  private static final int RUNS = 5;
  private static final long PIECE_BYTES = 4L << 20;

  private BandwidthMeter() {}

  /** Reads each byte once; the result keeps the loads alive. */
  interface Reader {
    long read(MemorySegment memory, long at, long bytes);
  }

  /** Bytes per second. Takes about a second and 1 GiB of memory. */
  static double measure(ThreadTeam team, Reader reader) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(BYTES, 64);
      var sink = new AtomicLong();
      team.run(new Read(memory, reader, sink));
      double[] rates = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        long start = System.nanoTime();
        team.run(new Read(memory, reader, sink));
        rates[i] = BYTES * 1e9 / (System.nanoTime() - start);
      }
      Arrays.sort(rates);
      return rates[RUNS / 2];
    }
  }

  /** Reads all of it once, a piece per unit. */
  private record Read(MemorySegment memory, Reader reader, AtomicLong sink)
      implements ThreadTeam.Walk {
    @Override
    public int phases() {
      return 1;
    }

    @Override
    public int units(int phase) {
      return (int) (BYTES / PIECE_BYTES);
    }

    @Override
    public void run(int phase, int unit, int worker) {
      sink.addAndGet(reader.read(memory, unit * PIECE_BYTES, PIECE_BYTES));
    }
  }
}
