package io.solebox.backend.cpu;

import java.util.ArrayList;
import java.util.BitSet;
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

  /**
   * A phase of a walk, with counters of its own. What keeps this correct:
   *
   * <ul>
   *   <li>A unit belongs to the one thread that drew its number, and only its owner touches the
   *       walk.
   *   <li>The next phase is opened by the thread that finished the last unit, so while anybody owns
   *       a unit the walk does not go on, let alone return; everything done in a phase happens
   *       before the next one.
   *   <li>A thread that comes late, by phases or by walks, draws from counters that have run out,
   *       owns nothing, and goes to the gate for the phase of the day.
   * </ul>
   */
  private static final class Phase {
    private final Walk walk;
    private final int index;
    private final int units;
    private final AtomicInteger drawn = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    Phase(Walk walk, int index, int units) {
      this.walk = walk;
      this.index = index;
      this.units = units;
    }

    /** The caller's next unit; {@code units} or more if there is none. */
    int draw() {
      // The first look keeps late threads from counting on for ever.
      return drawn.get() < units ? drawn.getAndIncrement() : units;
    }

    /** Whether that was the last unit. */
    boolean finishOne() {
      return done.incrementAndGet() == units;
    }
  }

  /** Between walks. */
  private static final Phase REST = new Phase(new Idle(), 0, 0);

  /** After the last walk. */
  private static final Phase CLOSED = new Phase(new Idle(), 0, 0);

  private final int size;
  private final IntConsumer betweenUnits;
  private final Pins pins;
  private final List<Thread> threads = new ArrayList<>();
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Gate<Phase> gate = new Gate<>(REST);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

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

  /** Whether each thread has a processor of its own. */
  boolean pinned() {
    return pins.any();
  }

  /**
   * Walks all phases and returns when the last unit is done. What a unit throws is thrown here,
   * after all threads have stopped working; the phases after it are skipped.
   */
  void run(Walk walk) {
    turn.lock();
    try {
      if (gate.value() == CLOSED) {
        throw new IllegalStateException("the thread team is closed");
      }
      BitSet before = pins.pin(0);
      try {
        Phase phase = next(walk, 0);
        gate.set(phase);
        while (phase != REST) {
          work(phase, 0);
          phase = gate.await(phase);
        }
      } finally {
        pins.release(before);
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
    pins.pin(worker);
    for (Phase phase = gate.value(); phase != CLOSED; phase = gate.await(phase)) {
      work(phase, worker);
    }
  }

  /** Does units of a phase until all are drawn; who finishes the last one opens the next phase. */
  private void work(Phase phase, int worker) {
    for (int unit = phase.draw(); unit < phase.units; unit = phase.draw()) {
      if (failure.get() == null) {
        try {
          phase.walk.run(phase.index, unit, worker);
        } catch (Throwable t) {
          failure.compareAndSet(null, t);
        }
      }
      if (phase.finishOne()) {
        gate.set(next(phase.walk, phase.index + 1));
      }
      betweenUnits.accept(worker);
    }
  }

  /** The first phase from {@code from} on that has units. */
  private Phase next(Walk walk, int from) {
    try {
      for (int index = from; index < walk.phases() && failure.get() == null; index++) {
        int units = walk.units(index);
        if (units > 0) {
          return new Phase(walk, index, units);
        }
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
    }
    return REST;
  }

  /** Ends the threads when the walk in progress is over. */
  @Override
  public void close() {
    turn.lock();
    try {
      gate.set(CLOSED);
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
