package io.solebox.engine.sample;

import java.util.Arrays;

/** Small numbers by token id, without a box per token: open addressing, at most half full. */
final class IdTable {
  /** What {@link #find} gives for an id that is not there. */
  static final int ABSENT = -1;

  private int[] ids;
  private int[] values;
  private int count;

  IdTable() {
    this(new int[16], new int[16], 0);
    Arrays.fill(values, ABSENT);
  }

  private IdTable(int[] ids, int[] values, int count) {
    this.ids = ids;
    this.values = values;
    this.count = count;
  }

  IdTable copy() {
    return new IdTable(ids.clone(), values.clone(), count);
  }

  int find(int id) {
    return values[slot(id)];
  }

  /**
   * @param value at least 0
   */
  void put(int id, int value) {
    int slot = slot(id);
    if (values[slot] == ABSENT && 2 * ++count > ids.length) {
      grow();
      slot = slot(id);
    }
    ids[slot] = id;
    values[slot] = value;
  }

  private int slot(int id) {
    int mask = ids.length - 1;
    int slot = (id * 0x9E3779B1 >>> 7) & mask;
    while (values[slot] != ABSENT && ids[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldIds = ids;
    int[] oldValues = values;
    ids = new int[2 * oldIds.length];
    values = new int[2 * oldIds.length];
    Arrays.fill(values, ABSENT);
    for (int i = 0; i < oldIds.length; i++) {
      if (oldValues[i] != ABSENT) {
        int slot = slot(oldIds[i]);
        ids[slot] = oldIds[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
