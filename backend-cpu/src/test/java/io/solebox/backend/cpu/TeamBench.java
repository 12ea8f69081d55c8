package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.ReadBandwidth;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Times a thread team with one and two threads, alone and beside a busy loop on the first core: an
 * empty phase, and walks shaped as the decode of a 1B model, which read 1 GiB in {@value #PHASES}
 * phases. Not a test: speeds are reported, never asserted.
 */
final class TeamBench {
  private static final int PHASES = 150;
  private static final int UNITS = 16;
  private static final long UNIT_BYTES = 448 << 10;
  private static final long MEASURED_NANOS = 1_200_000_000;
  private static final String[] CASES = {
    "1 thread", "2 threads", "1 thread, neighbour", "2 threads, neighbour"
  };

  private TeamBench() {}

  /** Reads all of the memory once; every third phase is a single small unit. */
  private record Step(MemorySegment memory, AtomicInteger sink) implements ThreadTeam.Walk {
    @Override
    public int phases() {
      return PHASES * 3 / 2;
    }

    @Override
    public int units(int phase) {
      return phase % 3 == 2 ? 1 : UNITS;
    }

    @Override
    public void run(int phase, int unit, int worker) {
      long at = (phase / 3 * 2 + phase % 3) * UNITS * UNIT_BYTES + unit * UNIT_BYTES;
      if (phase % 3 == 2) {
        sink.addAndGet(ReadBandwidth.read(memory, 0, 16 << 10));
      } else {
        sink.addAndGet(ReadBandwidth.read(memory, at, UNIT_BYTES));
      }
    }
  }

  /** Phases of one unit per thread that does nothing. */
  private record Empty(int threads) implements ThreadTeam.Walk {
    private static final int COUNT = 100_000;

    @Override
    public int phases() {
      return COUNT;
    }

    @Override
    public int units(int phase) {
      return threads;
    }

    @Override
    public void run(int phase, int unit, int worker) {}
  }

  public static void main(String[] args) throws IOException {
    int rounds = Integer.parseInt(args[0]);
    double[][] millis = new double[4][rounds];
    try (Arena arena = Arena.ofShared();
        var one = new ThreadTeam(1);
        var two = new ThreadTeam(2)) {
      MemorySegment memory = arena.allocate(PHASES * UNITS * UNIT_BYTES, 64);
      memory.fill((byte) 1);
      for (int round = 0; round < rounds; round++) {
        for (int c = 0; c < CASES.length; c++) {
          Optional<Process> neighbour = c < 2 ? Optional.empty() : Optional.of(busyLoop());
          millis[c][round] = millisPerStep(c % 2 == 0 ? one : two, memory);
          neighbour.ifPresent(Process::destroyForcibly);
        }
      }
      for (int c = 0; c < CASES.length; c++) {
        Arrays.sort(millis[c]);
        System.out.printf(
            "%-22s %.1f ms a step, %.1f to %.1f%n",
            CASES[c], millis[c][rounds / 2], millis[c][0], millis[c][rounds - 1]);
      }
      System.out.printf("an empty phase: %d and %d ns%n", nanosPerEmpty(one), nanosPerEmpty(two));
    }
  }

  private static Process busyLoop() throws IOException {
    return new ProcessBuilder("taskset", "-c", "0", "sh", "-c", "while :; do :; done").start();
  }

  /** The mean over about a second, after a start that is not counted. */
  private static double millisPerStep(ThreadTeam team, MemorySegment memory) {
    var walk = new Step(memory, new AtomicInteger());
    int n = 0;
    long counted = 0;
    long start = System.nanoTime();
    while (System.nanoTime() - start < MEASURED_NANOS) {
      long before = System.nanoTime();
      team.run(walk);
      if (before - start > MEASURED_NANOS / 5) {
        counted += System.nanoTime() - before;
        n++;
      }
      serialWork();
    }
    return counted / 1e6 / n;
  }

  private static long nanosPerEmpty(ThreadTeam team) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      team.run(new Empty(team.size()));
      best = Math.min(best, (System.nanoTime() - start) / Empty.COUNT);
    }
    return best;
  }

  /** What the engine does between steps. */
  private static void serialWork() {
    long end = System.nanoTime() + 300_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
