package io.solebox.engine.spill;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Which parts of a range of bytes are free. The first that is large enough is taken. */
final class Extents {
  private final TreeMap<Long, Long> free = new TreeMap<>(); // sizes by beginning

  Extents(long bytes) {
    if (bytes > 0) {
      free.put(0L, bytes);
    }
  }

  /** Where so many bytes together begin, which are the caller's now. */
  OptionalLong take(long bytes) {
    for (Map.Entry<Long, Long> part : free.entrySet()) {
      if (part.getValue() >= bytes) {
        long at = part.getKey();
        long rest = part.getValue() - bytes;
        free.remove(at);
        if (rest > 0) {
          free.put(at + bytes, rest);
        }
        return OptionalLong.of(at);
      }
    }
    return OptionalLong.empty();
  }

  /** Gives back what {@link #take} gave. */
  void give(long at, long bytes) {
    long from = at;
    long to = at + bytes;
    Map.Entry<Long, Long> before = free.lowerEntry(at);
    if (before != null && before.getKey() + before.getValue() == from) {
      from = before.getKey();
    }
    Long after = free.remove(to);
    free.put(from, to + (after == null ? 0 : after) - from);
  }
}
