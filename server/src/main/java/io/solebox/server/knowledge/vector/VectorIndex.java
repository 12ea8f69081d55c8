package io.solebox.server.knowledge.vector;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * Finds the nearest of many vectors by looking at all of them: nothing is approximate, so nothing
 * has to be built, and a row counts as soon as it is added. 100,000 rows of 384 are 154 MB off the
 * heap and take some milliseconds. Safe for many threads: searches go beside each other, and a
 * change waits for those that run.
 */
public final class VectorIndex implements AutoCloseable {
  /** Below that other threads are not worth waking. */
  private static final int SLABS_ALONE = WarmUp.WORTH_IT / Slab.ROWS;

  /** How far from 1 the length of a vector may be: rounded numbers, as f16 has them, are not. */
  private static final double SLACK = 0.01;

  private final int dimension;
  private final int stride;
  private final WarmUp warmUp;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final List<Slab> slabs = new ArrayList<>(); // this and what follows guarded by lock
  private final Map<Long, Integer> rowOf = new HashMap<>();
  private boolean closed;

  /**
   * @param dimension numbers of each vector
   */
  public VectorIndex(int dimension) {
    this.dimension = dimension;
    this.stride = Dots.stride(dimension);
    this.warmUp = new WarmUp(stride);
  }

  /** Numbers of each vector. */
  public int dimension() {
    return dimension;
  }

  /** How many rows there are. */
  public int size() {
    lock.readLock().lock();
    try {
      return rowOf.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Adds a row, or changes it where there is one of this id.
   *
   * @param vector [dimension], of length 1; it is copied
   * @throws SoleboxException {@code INVALID_PARAMETER} if it has another dimension or length,
   *     {@code NON_FINITE} if something in it is no number, {@code CLOSED}
   */
  public void put(long id, float[] vector) {
    check(vector);
    lock.writeLock().lock();
    try {
      requireOpen();
      int row = rowOf.getOrDefault(id, rowOf.size());
      if (row == slabs.size() * Slab.ROWS) {
        slabs.add(new Slab(stride));
      }
      slabs.get(row / Slab.ROWS).set(row % Slab.ROWS, id, vector);
      rowOf.put(id, row);
      warmUp.rows(rowOf.size());
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Removes a row; the last one takes its place.
   *
   * @return whether there was one
   * @throws SoleboxException {@code CLOSED}
   */
  public boolean remove(long id) {
    lock.writeLock().lock();
    try {
      requireOpen();
      Optional<Integer> removed = Optional.ofNullable(rowOf.remove(id));
      removed.ifPresent(row -> fill(row, rowOf.size()));
      return removed.isPresent();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void fill(int row, int last) {
    Slab from = slabs.get(last / Slab.ROWS);
    if (row != last) {
      Slab to = slabs.get(row / Slab.ROWS);
      to.copy(row % Slab.ROWS, from, last % Slab.ROWS);
      rowOf.put(to.ids[row % Slab.ROWS], row);
    }
    if (last % Slab.ROWS == 0) {
      slabs.removeLast().free();
    }
  }

  /** The nearest of all rows. */
  public List<Hit> nearest(float[] query, int most) {
    return nearest(query, most, _ -> true);
  }

  /**
   * The nearest of the rows that a filter lets through, by inner product; of equals those with the
   * smaller ids.
   *
   * @param query [dimension], of length 1
   * @param most so many at most
   * @param filter of ids; several threads ask it
   * @return the nearest first
   * @throws SoleboxException as {@link #put}
   */
  public List<Hit> nearest(float[] query, int most, LongPredicate filter) {
    check(query);
    if (most < 1) {
      return List.of();
    }
    float[] filled = Arrays.copyOf(query, stride);
    lock.readLock().lock();
    try {
      requireOpen();
      Dots dots = warmUp.dots();
      IntStream all = IntStream.range(0, slabs.size());
      return (slabs.size() > SLABS_ALONE ? all.parallel() : all)
          .collect(
              () -> new Best(most),
              (best, slab) -> offer(slab, filled, filter, dots, best),
              Best::merge)
          .hits();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** In a thread that may be another than the one that holds the lock, which waits for it. */
  private void offer(int number, float[] query, LongPredicate filter, Dots dots, Best best) {
    Slab slab = slabs.get(number);
    int rows = Math.min(Slab.ROWS, rowOf.size() - number * Slab.ROWS);
    int[] chosen = new int[rows];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      if (filter.test(slab.ids[row])) {
        chosen[count++] = row;
      }
    }
    float[] scores = new float[count];
    dots.scores(slab.rows, chosen, count, query, scores);
    for (int i = 0; i < count; i++) {
      best.offer(slab.ids[chosen[i]], scores[i]);
    }
  }

  private void check(float[] vector) {
    if (vector.length != dimension) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "vector",
          "It has %d numbers, and those beside it have %d.".formatted(vector.length, dimension),
          "Use one embedding model for all of a collection, and for its questions.");
    }
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    if (!Double.isFinite(squares)) {
      throw new SoleboxException(
          ErrorCode.NON_FINITE,
          "vector",
          "The embedding model gave something that is no number.",
          "Use another embedding model, or a file of it that is whole.");
    }
    if (Math.abs(Math.sqrt(squares) - 1) > SLACK) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "vector",
          String.format(Locale.ROOT, "Its length is %.3g, and not 1.", Math.sqrt(squares)),
          "Have the vectors normalized; those of a model that gives zeros cannot be used.");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new SoleboxException(
          ErrorCode.CLOSED, "vectors", "They are no longer in memory.", "Ask again.");
    }
  }

  /** Gives the memory back, when searches that run have ended. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      warmUp.close();
      slabs.forEach(Slab::free);
      slabs.clear();
      rowOf.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
