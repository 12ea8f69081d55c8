package io.solebox.backend.cuda.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches what blocks of one launch, or of launches side by side, tell each other through global
 * memory. A read of what another block wrote is sound only past the first-level cache, if the
 * writer has released it and the reader has acquired since: anything less gives the right answer
 * nearly always, and a wrong one on some GPU.
 *
 * <p>A thread releases what it wrote, and what those wrote that it has met at a barrier since. It
 * acquires by a fence after an atomic, or by a load that acquires; those that it meets then have
 * acquired too.
 */
final class BlockTraffic {
  /** Where nothing is watched: of kernels whose blocks do not speak to each other. */
  static final BlockTraffic UNWATCHED = new BlockTraffic(false, 0, new Seen());

  private static final long NEVER = Long.MAX_VALUE;

  private final boolean watching;
  private final long firstBlock;
  private final Seen seen;

  private BlockTraffic(boolean watching, long firstBlock, Seen seen) {
    this.watching = watching;
    this.firstBlock = firstBlock;
    this.seen = seen;
  }

  /** Of a launch that speaks with those which have the same {@code seen}. */
  static BlockTraffic of(long firstBlock, Seen seen) {
    return new BlockTraffic(true, firstBlock, seen);
  }

  /** For a launch of this kernel. */
  static BlockTraffic of(Program program) {
    return program.countsInGlobalMemory() ? of(0, new Seen()) : UNWATCHED;
  }

  /** All that has happened. */
  static final class Seen {
    private final Map<Long, Write> writes = new HashMap<>(); // the last to each word
    private final Map<Long, History> histories = new HashMap<>(); // of each warp
    private long time;

    // All words written: most reads, of weights, are elsewhere.
    private long lowest = Long.MAX_VALUE;
    private long highest = Long.MIN_VALUE;
  }

  /** A word's last write. */
  private static final class Write {
    final long block;
    final int thread;
    final long at;
    long releasedAt = NEVER;

    Write(long block, int thread, long at) {
      this.block = block;
      this.thread = thread;
      this.at = at;
    }
  }

  /** What a warp has done. */
  private static final class History {
    final List<Write> unreleased = new ArrayList<>();
    List<Write> ofOthers = List.of(); // those of warps that it has met since
    final long[] observed = new long[Registers.LANES]; // when a lane's last atomic was
    final long[] acquired =
        new long[Registers.LANES]; // up to when a lane knows of others' releases
    long met; // what lanes did before that, all of them know
  }

  private History history(Warp warp) {
    long key = block(warp) << 5 | warp.index;
    return seen.histories.computeIfAbsent(key, _ -> new History());
  }

  private long block(Warp warp) {
    return firstBlock + warp.block.index();
  }

  private static int thread(Warp warp, int lane) {
    return warp.index * Registers.LANES + lane;
  }

  void write(Warp warp, int lane, long address, int bytes) {
    if (watching) {
      seen.time++;
      seen.lowest = Math.min(seen.lowest, address >> 2);
      seen.highest = Math.max(seen.highest, address + bytes - 1 >> 2);
      for (long word = address >> 2; word <= address + bytes - 1 >> 2; word++) {
        var write = new Write(block(warp), thread(warp, lane), seen.time);
        seen.writes.put(word, write);
        history(warp).unreleased.add(write);
      }
    }
  }

  /**
   * @param strong whether it goes past the first-level cache
   */
  void read(Warp warp, int lane, long address, int bytes, boolean strong) {
    long last = Math.min(seen.highest, address + bytes - 1 >> 2);
    for (long word = Math.max(seen.lowest, address >> 2); word <= last; word++) {
      Write write = seen.writes.get(word);
      if (write == null || write.block == block(warp)) {
        continue;
      }
      if (!strong || write.releasedAt >= history(warp).acquired[lane]) {
        String why =
            !strong
                ? "may find it in its own first-level cache as it was before"
                : write.releasedAt == NEVER ? "which has not released it" : "and has not acquired";
        throw new KernelFault(
            KernelFault.Kind.LAUNCH_FAILED,
            "reads what thread %d of block %d wrote, %s".formatted(write.thread, write.block, why));
      }
    }
  }

  /** An atomic change. */
  void atomic(Warp warp, int lane, boolean releases) {
    if (watching) {
      if (releases) {
        release(warp, lane);
      }
      history(warp).observed[lane] = ++seen.time;
    }
  }

  /** A store that releases. */
  void releasing(Warp warp, int lane) {
    if (watching) {
      release(warp, lane);
    }
  }

  /** A load that acquires. */
  void acquiring(Warp warp, int lane) {
    if (watching) {
      history(warp).acquired[lane] = ++seen.time;
    }
  }

  /** A fence of the whole GPU, by these lanes. */
  void fence(Warp warp, int mask) {
    if (!watching) {
      return;
    }
    History history = history(warp);
    for (int l = 0; l < Registers.LANES; l++) {
      if (Loops.on(mask, l)) {
        release(warp, l);
        if (history.observed[l] > 0) {
          history.acquired[l] = ++seen.time;
        }
      }
    }
  }

  private void release(Warp warp, int lane) {
    History history = history(warp);
    long now = ++seen.time;
    history.unreleased.removeIf(
        write -> {
          boolean known = write.at <= history.met || write.thread == thread(warp, lane);
          write.releasedAt = known ? now : write.releasedAt;
          return known;
        });
    history.ofOthers.forEach(write -> write.releasedAt = Math.min(write.releasedAt, now));
    history.ofOthers = List.of();
  }

  /** The lanes of a warp have met. */
  void meet(Warp warp) {
    if (watching) {
      History history = history(warp);
      history.met = seen.time;
      long latest = 0;
      for (long acquired : history.acquired) {
        latest = Math.max(latest, acquired);
      }
      Arrays.fill(history.acquired, latest);
    }
  }

  /** Warps of a block have met: each may release what any wrote, and knows what any acquired. */
  void meet(List<Warp> warps) {
    if (!watching) {
      return;
    }
    var all = new ArrayList<Write>();
    long latest = 0;
    for (Warp warp : warps) {
      meet(warp);
      History history = history(warp);
      all.addAll(history.unreleased);
      all.addAll(history.ofOthers);
      latest = Math.max(latest, history.acquired[0]);
    }
    all.removeIf(write -> write.releasedAt != NEVER);
    for (Warp warp : warps) {
      history(warp).ofOthers = all;
      Arrays.fill(history(warp).acquired, latest);
    }
  }
}
