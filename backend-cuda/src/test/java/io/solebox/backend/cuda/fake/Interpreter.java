package io.solebox.backend.cuda.fake;

import java.util.ArrayDeque;

/** Runs kernels on the processor, and finds what a GPU would leave undefined. */
final class Interpreter {
  /** Blocks that may have begun and not ended, as on a device of this many. */
  private static final int RESIDENT = 64;

  /** No kernel of ours comes near it; one that loops for ever does. */
  private static final long MOST_INSTRUCTIONS = 8L << 30;

  /** What happens when a kernel waits for something outside of it. */
  interface Waiting {
    /** It goes on looking. */
    Waiting AGAIN = () -> {};

    /** Lets what it waits for happen. */
    void giveWay();
  }

  private final DeviceHeap heap;
  private final Schedule schedule;
  private final Waiting outside;
  private long instructions;

  Interpreter(DeviceHeap heap, Schedule schedule) {
    this(heap, schedule, Waiting.AGAIN);
  }

  Interpreter(DeviceHeap heap, Schedule schedule, Waiting outside) {
    this.heap = heap;
    this.schedule = schedule;
    this.outside = outside;
  }

  /** Instructions run so far, each for a whole warp. */
  long instructions() {
    return instructions;
  }

  /**
   * Runs a launch to its end.
   *
   * @throws KernelFault at the first thing it does wrong
   */
  void run(Launch launch) {
    run(launch, BlockTraffic.of(launch.program()));
  }

  /**
   * The same.
   *
   * @param traffic what its blocks tell each other, and others
   */
  void run(Launch launch, BlockTraffic traffic) {
    long blocks = launch.blocks();
    long begun = 0;
    var idle = new ArrayDeque<Block>();
    var waiting = new ArrayDeque<Block>();
    while (begun < blocks || !waiting.isEmpty()) {
      Block block;
      if (begun < blocks && waiting.size() < RESIDENT) {
        block = idle.isEmpty() ? new Block(launch, schedule, heap, traffic) : idle.pop();
        block.begin(schedule.reversed() ? blocks - 1 - begun : begun);
        begun++;
      } else {
        block = waiting.poll();
      }
      long before = block.instructions();
      boolean ended = block.run();
      (ended ? idle : waiting).add(block);
      instructions += block.instructions() - before;
      if (instructions > MOST_INSTRUCTIONS) {
        throw new KernelFault(
            KernelFault.Kind.LAUNCH_FAILED, launch.program().name() + " does not end");
      }
      if (!ended) {
        outside.giveWay();
      }
    }
  }
}
