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
}
