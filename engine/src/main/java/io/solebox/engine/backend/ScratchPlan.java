package io.solebox.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds places in scratch memory for what lives during a part of a step. Bytes are taken again as
 * soon as they are free, so that a deep graph needs no more than its widest stretch.
 */
public final class ScratchPlan {
  private record Live(long from, long bytes, int lastRead) {}

  private final TreeMap<Long, Long> free = new TreeMap<>(); // bytes by offset, neighbours merged
  private final List<Live> live = new ArrayList<>();
  private long end;

  /**
   * Gives the first place that is large enough.
   *
   * @param bytes above 0; a multiple of the alignment that the caller wants
   * @param lastRead the last moment at which it is read
   * @return its offset
   */
  public long take(long bytes, int lastRead) {
    long from =
        free.entrySet().stream()
            .filter(range -> range.getValue() >= bytes)
            .findFirst()
            .map(Map.Entry::getKey)
            .orElseGet(() -> extend(bytes));
    long left = free.remove(from) - bytes;
    if (left > 0) {
      free.put(from + bytes, left);
    }
    live.add(new Live(from, bytes, lastRead));
    return from;
  }

  /** Makes room at the end, with what is free there. */
  private long extend(long bytes) {
    var last = free.lastEntry();
    boolean touches = last != null && last.getKey() + last.getValue() == end;
    long from = touches ? last.getKey() : end;
    free.put(from, bytes);
    end = from + bytes;
    return from;
  }

  /** Frees what is read for the last time before {@code moment}. */
  public void advance(int moment) {
    for (var it = live.iterator(); it.hasNext(); ) {
      Live range = it.next();
      if (range.lastRead() < moment) {
        release(range.from(), range.bytes());
        it.remove();
      }
    }
  }

  private void release(long offset, long bytes) {
    long from = offset;
    long to = offset + bytes;
    var before = free.floorEntry(from);
    if (before != null && before.getKey() + before.getValue() == from) {
      from = before.getKey();
    }
    Long after = free.remove(to);
    if (after != null) {
      to += after;
    }
    free.put(from, to - from);
  }

  /** Bytes of all. */
  public long bytes() {
    return end;
  }
}
