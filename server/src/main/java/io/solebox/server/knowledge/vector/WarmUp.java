package io.solebox.server.knowledge.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;

/**
 * Which of the {@link Dots} to use: plain loops, until a thread in the background has run vectors
 * for so long that they are compiled. Where another index has done that before, it takes no time.
 */
final class WarmUp implements AutoCloseable {
  /** Rows that plain loops go through in a millisecond or two: then it is worth the processor. */
  static final int WORTH_IT = 4096;

  /**
   * A second or two is enough where nothing else runs, and a busy machine compiles late. Where
   * vectors are no faster by then, it does not matter which run.
   */
  private static final long LIMIT_NANOS = 30_000_000_000L;

  /** So many times in a row that it is not by chance. */
  private static final int ENOUGH = 3;

  private static final int ROWS = 64;

  private final int stride;
  private volatile Dots dots = new PlainDots();
  private volatile boolean closed;
  private boolean started; // guarded by this

  WarmUp(int stride) {
    this.stride = stride;
  }

  Dots dots() {
    return dots;
  }

  /** Begins, once there are so many rows that it is worth it. */
  void rows(int count) {
    if (count >= WORTH_IT) {
      start();
    }
  }

  private synchronized void start() {
    if (!started) {
      started = true;
      Thread.ofPlatform().daemon().name("vectors-warm-up").start(this::warm);
    }
  }

  private void warm() {
    Dots plain = dots;
    Dots vectors = new VectorDots();
    int[] chosen = IntStream.range(0, ROWS).toArray();
    float[] query = new float[stride];
    float[] scores = new float[ROWS];
    long end = System.nanoTime() + LIMIT_NANOS;
    int good = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate((long) ROWS * stride * Float.BYTES, Slab.ALIGNMENT);
      while (good < ENOUGH && !closed && System.nanoTime() - end < 0) {
        long start = System.nanoTime();
        plain.scores(rows, chosen, ROWS, query, scores);
        long middle = System.nanoTime();
        vectors.scores(rows, chosen, ROWS, query, scores);
        good = System.nanoTime() - middle <= middle - start ? good + 1 : 0;
      }
    }
    if (good == ENOUGH) {
      dots = vectors;
    }
  }

  /** The thread ends within milliseconds. */
  @Override
  public void close() {
    closed = true;
  }
}
