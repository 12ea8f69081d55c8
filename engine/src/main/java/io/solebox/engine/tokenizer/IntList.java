package io.solebox.engine.tokenizer;

import java.util.Arrays;

/** A growing list of ints. Owned by one thread. */
final class IntList {
  private int[] values = new int[64];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size + size / 2);
    }
    values[size++] = value;
  }

  int[] toSortedArray() {
    int[] sorted = toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }

  int size() {
    return size;
  }

  /** Forgets all but the first {@code count}. */
  void truncate(int count) {
    size = count;
  }

  int[] toReversedArray() {
    int[] reversed = new int[size];
    for (int i = 0; i < size; i++) {
      reversed[i] = values[size - 1 - i];
    }
    return reversed;
  }
}
