package io.solebox.backend.cpu;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Where each value lies in the scratch memory. A value's bytes are reused as soon as the phase of
 * its last reader is over, so a deep graph needs no more than its widest stretch.
 *
 * @param offsets per value id the byte offset
 * @param perRow per value id whether it has a row per requested row instead of per token
 * @param bytes of all
 */
record BufferPlan(long[] offsets, boolean[] perRow, long bytes) {
  private static final long ALIGNMENT = 64;

  static BufferPlan of(Graph graph, Schedule schedule, Limits limits) {
    boolean[] perRow = new boolean[graph.valueCount()];
    for (Op op : graph.ops()) {
      perRow[op.out().id()] =
          op instanceof Op.SelectRows || Schedule.inputs(op).stream().anyMatch(v -> perRow[v.id()]);
    }
    long[] offsets = new long[perRow.length];
    long bytes = place(graph, schedule, v -> size(v, perRow[v.id()], limits), offsets);
    return new BufferPlan(offsets, perRow, bytes);
  }

  /** The value's buffer in the plan's memory. */
  Buffer buffer(Value v, MemorySegment memory, Limits limits) {
    boolean row = perRow[v.id()];
    MemorySegment data = memory.asSlice(offsets[v.id()], size(v, row, limits));
    return new Buffer(data, v.width(), row);
  }

  private static long size(Value v, boolean perRow, Limits limits) {
    int rows = perRow ? limits.maxRows() : limits.maxStepTokens();
    long bytes = (long) Float.BYTES * rows * v.width();
    return Math.max(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  private static long place(
      Graph graph, Schedule schedule, ToLongFunction<Value> size, long[] offsets) {
    var free = new FreeList();
    List<Value> live = new ArrayList<>();
    for (Op op : graph.ops()) {
      Value out = op.out();
      int phase = schedule.definedIn()[out.id()];
      for (var it = live.iterator(); it.hasNext(); ) {
        Value v = it.next();
        if (schedule.lastRead()[v.id()] < phase) {
          free.release(offsets[v.id()], size.applyAsLong(v));
          it.remove();
        }
      }
      offsets[out.id()] = free.take(size.applyAsLong(out));
      live.add(out);
    }
    return free.end;
  }

  /** Free ranges by offset; first fit, neighbours merged. */
  private static final class FreeList {
    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    private long end;

    long take(long size) {
      var fit = ranges.entrySet().stream().filter(range -> range.getValue() >= size).findFirst();
      if (fit.isPresent()) {
        long from = fit.get().getKey();
        long left = ranges.remove(from) - size;
        if (left > 0) {
          ranges.put(from + size, left);
        }
        return from;
      }
      long at = end;
      var last = ranges.lastEntry();
      if (last != null && last.getKey() + last.getValue() == end) {
        ranges.remove(last.getKey());
        at = last.getKey();
      }
      end = at + size;
      return at;
    }

    void release(long offset, long size) {
      long from = offset;
      long to = offset + size;
      var before = ranges.floorEntry(from);
      if (before != null && before.getKey() + before.getValue() == from) {
        from = before.getKey();
      }
      Long after = ranges.remove(to);
      if (after != null) {
        to += after;
      }
      ranges.put(from, to - from);
    }
  }
}
