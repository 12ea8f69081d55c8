package io.solebox.backend.cpu;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;

/**
 * Platform threads that walk the phases of a step together. Within a phase each takes the next unit
 * of work when it is done with the last, so all finish at about the same time. The calling thread
 * takes part. All plans of a backend share one team, and one walk has it at a time, in the order of
 * arrival.
 *
 * <p>A phase ends when all its units are done, not when all threads have met: a thread whose core
 * another process has taken is waited for only if it was in the middle of a unit. {@link Breath}
 * makes that rare.
 */
final class ThreadTeam implements AutoCloseable {
  /** Work in phases. Called from all threads of the team. */
  interface Walk {
    int phases();

    /** Units of work in a phase; asked once, when the phase before it is over. */
    int units(int phase);

    /**
     * @param worker 0 for the caller, up to the size of the team, exclusive
     */
    void run(int phase, int unit, int worker);
  }

  /** Between walks. */
  private static final Walk NO_WALK =
      new Walk() {
        @Override
        public int phases() {
          return 0;
        }

        @Override
        public int units(int phase) {
          return 0;
        }

        @Override
        public void run(int phase, int unit, int worker) {}
      };

  private final int size;
  private final IntConsumer betweenUnits;
  private final Pins pins;
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Gate gate = new Gate();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  // The open phase, the same three fields for all. What keeps this correct:
  // - A unit belongs to the one thread that drew it from the gate, and only owners of units look at
  //   the walk and at these fields.
  // - The next phase is opened by the thread that finished the last unit, so while anybody owns a
  //   unit these fields stay as they are, and the walk does not go on, let alone return; everything
  //   done in a phase happens before the next one.
  // - A thread that comes late draws from the phase of the day, or nothing.
  private Walk walk = NO_WALK;
  private int phase;
  private int units;
  private final AtomicInteger done = new AtomicInteger();

  /** Starts {@code size - 1} threads. */
  ThreadTeam(int size) {
    this(size, new Breath(size));
  }

  /**
   * @param betweenUnits called by each worker after each unit, with its number
   */
  ThreadTeam(int size, IntConsumer betweenUnits) {
    this.size = size;
    this.betweenUnits = betweenUnits;
    this.pins = Pins.forTeam(size);
    try {
      for (int i = 1; i < size; i++) {
        int worker = i;
        Thread thread =
            Thread.ofPlatform().daemon().name("solebox-cpu-" + i).start(() -> serve(worker));
        threads.add(thread);
      }
    } catch (OutOfMemoryError e) { // how Java says that the system gives no more threads
      close();
      throw new SoleboxException(
          ErrorCode.OUT_OF_MEMORY,
          "threads",
          "The operating system gave %d of %d threads.".formatted(1 + threads.size(), size),
          "Use fewer --threads, or raise the limit of processes.",
          e);
    }
  }

  int size() {
    return size;
  }

  /** Whether each thread has a processor of its own. */
  boolean pinned() {
    return pins.any();
  }

  /**
   * Walks all phases and returns when the last unit is done. What a unit throws is thrown here,
   * after all threads have stopped working; the phases after it are skipped.
   */
  void run(Walk next) {
    turn.lock();
    try {
      if (gate.closed()) {
        throw new IllegalStateException("the thread team is closed");
      }
      boolean pinned = pins.pinCaller();
      try {
        walk = next;
        openFrom(0);
        for (long seen = work(0); !Gate.resting(seen); seen = work(0)) {
          gate.await(seen);
        }
      } finally {
        if (pinned) {
          pins.releaseCaller();
        }
      }
      rethrow(failure.getAndSet(null));
    } finally {
      turn.unlock();
    }
  }

  private static void rethrow(Throwable thrown) {
    switch (thrown) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(thrown);
    }
  }

  private void serve(int worker) {
    pins.pinHelper(worker);
    for (long seen = work(worker); !Gate.closed(seen); seen = work(worker)) {
      gate.await(seen);
    }
  }

  /**
   * Does units of whatever phase is open; who finishes the last one opens the next phase.
   *
   * @return the gate's word when there was nothing to draw
   */
  private long work(int worker) {
    long drawn = gate.draw();
    for (int left = Gate.left(drawn); left > 0; left = Gate.left(drawn)) {
      // Once the unit is finished, these may be of the next phase.
      int all = units;
      if (failure.get() == null) {
        try {
          walk.run(phase, all - left, worker);
        } catch (Throwable t) {
          failure.compareAndSet(null, t);
        }
      }
      if (done.incrementAndGet() == all) {
        openFrom(phase + 1);
      }
      betweenUnits.accept(worker);
      drawn = gate.draw();
    }
    return drawn;
  }

  /** Opens the first phase from {@code from} on that has units, or ends the walk. */
  private void openFrom(int from) {
    try {
      for (int index = from; index < walk.phases() && failure.get() == null; index++) {
        int count = walk.units(index);
        if (count > 0) {
          phase = index;
          units = count;
          done.set(0);
          gate.open(count);
          return;
        }
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
    // A plan that is closed meanwhile should not be held.
    walk = NO_WALK;
    gate.rest();
  }

  /** Ends the threads when the walk in progress is over. */
  @Override
  public void close() {
    turn.lock();
    try {
      gate.close();
    } finally {
      turn.unlock();
    }
    for (Thread thread : threads) {
      joinUninterruptibly(thread);
    }
  }

  static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
