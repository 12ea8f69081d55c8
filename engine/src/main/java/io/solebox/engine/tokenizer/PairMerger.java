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

  private int[] previous = new int[64];
  private int[] next = new int[64];

  /** What stands for (i, next[i]) in the heap; anything else in the heap about i is outdated. */
  private long[] pairKeys = new long[64];

  private long[] heap = new long[64];
  private int heapSize;

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
    heapSize = 0;
    for (int i = 0; i < count; i++) {
      update(i);
    }
    while (heapSize > 0) {
      long key = pop();
      int left = (int) key;
      if (pairKeys[left] == key) {
        joinAt(left);
      }
    }
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
    if (key != NEVER) {
      push(key);
    }
  }

  private void push(long key) {
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, 2 * heapSize);
    }
    int at = heapSize++;
    while (at > 0 && heap[(at - 1) / 2] > key) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = key;
  }

  private long pop() {
    long top = heap[0];
    long key = heap[--heapSize];
    int at = 0;
    int child = 1;
    while (child < heapSize) {
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
      child = 2 * at + 1;
    }
    heap[at] = key;
    return top;
  }
}
