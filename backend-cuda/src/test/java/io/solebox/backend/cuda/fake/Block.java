package io.solebox.backend.cuda.fake;

import java.util.Arrays;

/**
 * The warps of a block and their shared memory. Greedy: a warp runs until it cannot go on, so that
 * one that should have waited for another meets memory that is not written yet.
 */
final class Block {
  /** Instructions after which a warp that waits for another in a loop lets that one run. */
  private static final int TURN = 1 << 20;

  private final Launch launch;
  private final Schedule schedule;
  private final DeviceHeap heap;
  private final BlockTraffic traffic;
  private final SharedMemory shared;
  private final InitialRegisters initial;
  private final Warp[] warps;
  private final int[] meeting;
  private long index;
  private int x;
  private int y;
  private int z;

  Block(Launch launch, Schedule schedule, DeviceHeap heap, BlockTraffic traffic) {
    this.launch = launch;
    this.traffic = traffic;
    this.schedule = schedule;
    this.heap = heap;
    Program program = launch.program();
    shared =
        new SharedMemory(
            PtxParser.align(program.sharedBytes(), 16) + launch.dynamicSharedBytes(),
            launch.warps());
    initial = new InitialRegisters(program.registers(), launch);
    warps = new Warp[launch.warps()];
    Arrays.setAll(warps, i -> new Warp(this, i, program));
    meeting = new int[warps.length];
  }

  /** Begins the block of this index. */
  void begin(long index) {
    this.index = index;
    x = (int) (index % launch.gridX());
    y = (int) (index / launch.gridX() % launch.gridY());
    z = (int) (index / launch.gridX() / launch.gridY());
    shared.begin();
    for (Warp warp : warps) {
      int left = launch.threads() - warp.index * Registers.LANES;
      warp.begin(initial, Math.min(left, Registers.LANES));
    }
  }

  /** Runs until all threads have ended (true), or all wait for something outside (false). */
  boolean run() {
    while (true) {
      boolean turnOver = false;
      for (int i = 0; i < warps.length; i++) {
        Warp warp = warps[schedule.reversed() ? warps.length - 1 - i : i];
        if (warp.state() == Warp.State.READY) {
          warp.run(TURN);
          turnOver |= warp.state() == Warp.State.READY;
        }
      }
      if (Arrays.stream(warps).allMatch(w -> w.state() == Warp.State.DONE)) {
        return true;
      }
      boolean released = releaseBarriers();
      if (turnOver) {
        return false;
      }
      if (!released) {
        throw divergence();
      }
    }
  }

  private boolean releaseBarriers() {
    boolean released = false;
    for (Warp first : warps) {
      if (first.state() != Warp.State.AT_BARRIER) {
        continue;
      }
      Barrier barrier = barrierOf(first);
      int count = 0;
      for (Warp warp : warps) {
        if (warp.state() == Warp.State.AT_BARRIER && barrierOf(warp).id == barrier.id) {
          meeting[count++] = warp.index;
        }
      }
      if (count == barrier.warps) {
        requireOnePlace(barrier, first, count);
        shared.meet(meeting, count);
        traffic.meet(Arrays.stream(meeting, 0, count).mapToObj(i -> warps[i]).toList());
        for (int i = 0; i < count; i++) {
          warps[meeting[i]].leaveBarrier();
        }
        released = true;
      }
    }
    return released;
  }

  /** The barrier of the whole block must be one instruction for all; named ones need not. */
  private void requireOnePlace(Barrier barrier, Warp first, int count) {
    for (int i = 0; i < count; i++) {
      if (barrier.id == 0 && warps[meeting[i]].pc() != first.pc()) {
        throw warps[meeting[i]].faultAtBarrier(
            "divergence: warp %d waits at another barrier, line %d"
                .formatted(first.index, launch.program().lines()[first.pc()]));
      }
    }
  }

  private KernelFault divergence() {
    Warp stuck =
        Arrays.stream(warps)
            .filter(w -> w.state() == Warp.State.AT_BARRIER)
            .findFirst()
            .orElseThrow();
    return stuck.faultAtBarrier("divergence: barrier that not all warps of the block reach");
  }

  /** Which barrier, and how many warps it takes. */
  record Barrier(int id, int warps) {}

  private Barrier barrierOf(Warp warp) {
    var at = (WarpOps.BlockBarrier) launch.program().steps()[warp.pc()].code();
    return at.barrier(warp, warps.length);
  }

  /** Its number in the grid. */
  long index() {
    return index;
  }

  int x() {
    return x;
  }

  int y() {
    return y;
  }

  int z() {
    return z;
  }

  DeviceHeap heap() {
    return heap;
  }

  BlockTraffic traffic() {
    return traffic;
  }

  SharedMemory shared() {
    return shared;
  }

  Schedule schedule() {
    return schedule;
  }

  byte[] parameters() {
    return launch.parameters();
  }

  long instructions() {
    return Arrays.stream(warps).mapToLong(Warp::instructions).sum();
  }
}
