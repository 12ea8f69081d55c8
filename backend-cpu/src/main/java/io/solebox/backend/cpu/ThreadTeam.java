package io.solebox.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Platform threads that walk the phases of a step together. Within a phase each takes the next unit
 * of work when it is done with the last, so all finish at about the same time; a barrier ends the
 * phase. The calling thread takes part. All plans of a backend share one team, and one walk has it
 * at a time, in the order of arrival.
 */
final class ThreadTeam implements AutoCloseable {
  /** Work in phases. Called from all threads of the team. */
  interface Walk {
    int phases();

    /** Units of work in a phase; the same for every thread that asks. */
    int units(int phase);

    /**
     * @param worker 0 for the caller, up to the size of the team, exclusive
     */
    void run(int phase, int unit, int worker);
  }

  private final int size;
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Gate start = new Gate();
  private final Gate barrier = new Gate();
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger nextUnit = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Walk walk = new Idle();
  private volatile boolean closed;

  /** Starts {@code size - 1} threads. */
  ThreadTeam(int size) {
    this.size = size;
    for (int i = 1; i < size; i++) {
      int worker = i;
      Thread thread =
          Thread.ofPlatform().daemon().name("solebox-cpu-" + i).start(() -> serve(worker));
      threads.add(thread);
    }
  }

  int size() {
    return size;
  }

  /**
   * Walks all phases and returns when the last unit is done. What a unit throws is thrown here,
   * after all threads have stopped working; the phases after it are skipped.
   */
  void run(Walk work) {
    turn.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the thread team is closed");
      }
      walk = work;
      start.advance();
      take(work, 0);
      walk = new Idle();
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
    int seen = 0;
    while (true) {
      start.await(seen);
      seen++;
      if (closed) {
        return;
      }
      take(walk, worker);
    }
  }

  private void take(Walk work, int worker) {
    int phases = work.phases();
    for (int phase = 0; phase < phases; phase++) {
      int units = work.units(phase);
      if (units > 0) {
        takeUnits(work, phase, units, worker);
        meet();
      }
    }
    // Nobody may still read the walk when the caller returns.
    meet();
  }

  private void takeUnits(Walk work, int phase, int units, int worker) {
    for (int unit = nextUnit.getAndIncrement(); unit < units; unit = nextUnit.getAndIncrement()) {
      if (failure.get() == null) {
        try {
          work.run(phase, unit, worker);
        } catch (Throwable t) {
          failure.compareAndSet(null, t);
        }
      }
    }
  }

  /** The barrier; who comes last prepares the next phase. */
  private void meet() {
    int seen = barrier.value();
    if (arrived.incrementAndGet() == size) {
      arrived.set(0);
      nextUnit.set(0);
      barrier.advance();
    } else {
      barrier.await(seen);
    }
  }

  /** Ends the threads when the walk in progress is over. */
  @Override
  public void close() {
    turn.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      start.advance();
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

  /** No work; keeps a closed plan from being held. */
  private record Idle() implements Walk {
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
  }
}
