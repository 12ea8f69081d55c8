package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import java.util.Arrays;

/** Ids by text: a hash table over bytes that somebody else holds. Immutable once built. */
final class TokenIndex {
  /** What {@link #find} gives for a text that is no token. */
  static final int ABSENT = -1;

  private static final int EMPTY_SLOT = -1;

  private final MetadataValue.Strings texts;
  private final int maxBytes;

  /** Open addressing with linear probing; at most half full. */
  private final int[] slots;

  /**
   * @param texts by id; the first of equal texts is found, the empty text never
   */
  TokenIndex(MetadataValue.Strings texts) {
    this.texts = texts;
    this.slots = new int[Math.max(16, Integer.highestOneBit(Math.max(1, texts.size())) * 4)];
    Arrays.fill(slots, EMPTY_SLOT);
    int longest = 0;
    for (int id = 0; id < texts.size(); id++) {
      longest = Math.max(longest, texts.end(id) - texts.start(id));
      insert(id);
    }
    this.maxBytes = longest;
  }

  /** Length of the longest text. */
  int maxBytes() {
    return maxBytes;
  }

  /** The token with exactly these bytes, or {@link #ABSENT}; called in the innermost loops. */
  int find(byte[] utf8, int from, int to) {
    byte[] all = texts.bytes();
    int mask = slots.length - 1;
    for (int slot = hash(utf8, from, to) & mask; ; slot = (slot + 1) & mask) {
      int id = slots[slot];
      if (id == EMPTY_SLOT) {
        return ABSENT;
      }
      int start = texts.start(id);
      if (texts.end(id) - start == to - from
          && Arrays.equals(all, start, texts.end(id), utf8, from, to)) {
        return id;
      }
    }
  }

  private void insert(int id) {
    int start = texts.start(id);
    int end = texts.end(id);
    if (start == end || find(texts.bytes(), start, end) != ABSENT) {
      return;
    }
    int mask = slots.length - 1;
    int slot = hash(texts.bytes(), start, end) & mask;
    while (slots[slot] != EMPTY_SLOT) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = id;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ bytes[i]) * 0x01000193;
    }
    hash *= 0x9E3779B1;
    return hash ^ (hash >>> 15);
  }
}
