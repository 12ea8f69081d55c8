package io.solebox.engine.tokenizer;

import java.util.Arrays;

/**
 * Joins neighbouring symbols of one text, always the best pair next, the leftmost of equals first:
 * the loop that SentencePiece-style and byte-level BPE share. O(n log n) for n symbols. Owned by
 * one thread; reused from text to text.
 */
abstract class PairMerger {
  /** The key of a pair that cannot be joined. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int NOWHERE = -1;

  /** Children of a node in the heap: more of them make it flatter, and lie side by side. */
  private static final int WAYS = 4;

  private int[] previous = new int[64];
  private int[] next = new int[64];

  /** What stands for (i, next[i]) in the heap; anything else in the heap about i is outdated. */
  private long[] pairKeys = new long[64];

  /** Keys in order, of which those from {@link #runAt} on are left. */
  private long[] run = new long[64];

  private int runAt;
  private int runSize;

  /** The greatest key of the run, taken or not. */
  private long runMax;

  /** Keys that came later and are not above {@link #runMax}. */
  private long[] heap = new long[64];

  private int heapSize;

  /** Keys above {@link #runMax}, in any order: the next run. Much of one thing is all of these. */
  private long[] later = new long[64];

  private int laterSize;

  /**
   * How early two neighbours are joined.
   *
   * @return the smaller the earlier, with {@code left} in the lower 32 bits; or {@link #NEVER}
   */
  protected abstract long key(int left, int right);

  /** Symbol {@code left} takes over the text of {@code right}. */
  protected abstract void join(int left, int right);

  /** Joins what can be joined of symbols 0 to {@code count} - 1; at least one. */
  final void merge(int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < count ? i + 1 : NOWHERE;
    }
    runMax = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      update(i);
    }
    while (hasNext()) {
      boolean fromHeap = heapSize > 0 && (runAt == runSize || heap[0] < run[runAt]);
      long key = fromHeap ? pop() : run[runAt++];
      int left = (int) key;
      if (pairKeys[left] == key) {
        joinAt(left);
      }
    }
  }

  private boolean hasNext() {
    if (runAt == runSize && heapSize == 0 && laterSize > 0) {
      long[] spent = run;
      run = later;
      later = spent;
      runSize = laterSize;
      runAt = 0;
      laterSize = 0;
      Arrays.sort(run, 0, runSize);
      runMax = run[runSize - 1];
    }
    return runAt < runSize || heapSize > 0;
  }

  /** The symbol after {@code index} that is left over, or a negative number at the end. */
  final int after(int index) {
    return next[index];
  }

  private void reserve(int count) {
    if (count > next.length) {
      int capacity = Math.max(count, 2 * next.length);
      previous = new int[capacity];
      next = new int[capacity];
      pairKeys = new long[capacity];
    }
  }

  private void joinAt(int left) {
    int right = next[left];
    join(left, right);
    pairKeys[right] = NEVER;
    next[left] = next[right];
    if (next[left] != NOWHERE) {
      previous[next[left]] = left;
    }
    if (previous[left] != NOWHERE) {
      update(previous[left]);
    }
    update(left);
  }

  private void update(int left) {
    long key = next[left] == NOWHERE ? NEVER : key(left, next[left]);
    pairKeys[left] = key;
    if (key == NEVER) {
      return;
    }
    if (key <= runMax) {
      push(key);
    } else {
      if (laterSize == later.length) {
        later = Arrays.copyOf(later, 2 * laterSize);
      }
      later[laterSize++] = key;
    }
  }

  private void push(long key) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, 2 * heapSize);
    }
    int at = heapSize++;
    while (at > 0 && heap[(at - 1) / WAYS] > key) {
      heap[at] = heap[(at - 1) / WAYS];
      at = (at - 1) / WAYS;
    }
    heap[at] = key;
  }

  private long pop() {
    long top = heap[0];
    long key = heap[--heapSize];
    int at = 0;
    for (int first = 1; first < heapSize; first = WAYS * at + 1) {
      int child = first;
      int end = Math.min(first + WAYS, heapSize);
      for (int other = first + 1; other < end; other++) {
        child = heap[other] < heap[child] ? other : child;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
    return top;
  }
}
