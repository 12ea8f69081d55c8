package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.Exercise;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Decides which form of the kernels a plan runs: plain Java, which is fast at once, or vectors,
 * which are much faster once the optimizing compiler has finished them. Both give the same bits, so
 * the change may come at any time.
 *
 * <p>To compile vector code takes a processor one to two seconds, more than a short answer of a
 * small model. As with skis that are rented until the rent has reached their price, plain Java
 * computes until it has spent about as much. Then a thread in the background exercises the vector
 * kernels, and when the last of them is as fast as it should be, all steps change over.
 */
final class WarmUp implements AutoCloseable {
  /** Whether there is a choice; {@link KernelChoice} tells how to fix it. */
  enum Mode {
    ADAPTIVE,
    PLAIN,
    VECTORS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Multiply-adds that plain Java does in about the time that a warm-up takes. */
  private static final long BUDGET = 1L << 29;

  /** A model that would spend the budget on so few tokens gets its vectors while it loads. */
  private static final long FIRST_TOKENS = 16;

  /**
   * Longest time for one kernel: where vectors are no faster, it does not matter which form runs.
   */
  private static final long LIMIT_NANOS = 2_000_000_000;

  /** So many times in a row that it is not by chance. */
  private static final int ENOUGH = 3;

  private final Footprint footprint;
  private final AtomicLong left;
  private volatile boolean plain;
  private volatile boolean closed;
  private Thread thread;

  WarmUp(Footprint footprint, Mode mode) {
    this.footprint = footprint;
    this.plain = mode != Mode.VECTORS;
    this.left = new AtomicLong(mode == Mode.ADAPTIVE ? BUDGET : Long.MAX_VALUE);
    if (mode == Mode.ADAPTIVE && multiplyAddsPerToken() > BUDGET / FIRST_TOKENS) {
      worked(BUDGET);
    }
  }

  private long multiplyAddsPerToken() {
    return matrices().mapToLong(Weight::elements).sum();
  }

  private Stream<Weight> matrices() {
    return Stream.concat(weights(Weight.Role.MATRIX), weights(Weight.Role.EXPERTS));
  }

  private Stream<Weight> weights(Weight.Role role) {
    return footprint.graph().uses().stream()
        .filter(use -> use.role() == role)
        .map(Weight.Use::weight);
  }

  /** The kernels of the graph, each with a little data from {@code arena}. */
  private List<Exercise> exercises(Arena arena) {
    var types = EnumSet.noneOf(TensorType.class);
    matrices().forEach(w -> types.add(w.type()));
    weights(Weight.Role.ADAPTER).forEach(w -> types.add(w.type()));
    var exercises = new ArrayList<Exercise>();
    for (TensorType type : types) {
      if (footprint.kernels().repacker(type).isPresent()) {
        exercises.add(Exercise.codes(type, 2, arena));
        exercises.add(Exercise.codes(type, 1, arena));
      } else {
        exercises.add(Exercise.linear(type, 7, arena));
        exercises.add(Exercise.linear(type, 1, arena));
      }
    }
    exercises.add(Exercise.attention(footprint.limits().kvType(), arena));
    exercises.add(Exercise.pointwise(arena));
    exercises.add(Exercise.answers(arena));
    return exercises;
  }

  /** Whether to compute without vectors. */
  boolean plain() {
    return plain;
  }

  /** Counts what plain Java does. */
  void worked(long multiplyAdds) {
    long before = left.getAndAdd(-multiplyAdds);
    if (before > 0 && before <= multiplyAdds) {
      start();
    }
  }

  private synchronized void start() {
    if (!closed) {
      thread = Thread.ofPlatform().daemon().name("solebox-cpu-warm-up").start(this::warm);
    }
  }

  private void warm() {
    try (Arena arena = Arena.ofShared()) {
      for (Exercise exercise : exercises(arena)) {
        warm(exercise);
      }
    }
    plain = false;
  }

  private void warm(Exercise exercise) {
    long end = System.nanoTime() + LIMIT_NANOS;
    int good = 0;
    while (good < ENOUGH && !closed && System.nanoTime() - end < 0) {
      long start = System.nanoTime();
      exercise.run(true);
      long middle = System.nanoTime();
      exercise.run(false);
      // Vectors that are compiled may be just as fast, but never twice as slow.
      good = System.nanoTime() - middle < 2 * (middle - start) ? good + 1 : 0;
    }
  }

  /** Waits for the thread, which stops within milliseconds. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
    }
    if (running != null) {
      ThreadTeam.joinUninterruptibly(running);
    }
  }
}
