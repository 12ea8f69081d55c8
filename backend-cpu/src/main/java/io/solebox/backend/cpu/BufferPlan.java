package io.solebox.backend.cpu;

import io.solebox.engine.backend.Limits;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Where each slot lies: activations in the scratch memory, where bytes are reused as soon as the
 * phase of a slot's last reader is over, so that a deep graph needs no more than its widest
 * stretch; caches in the KV pool, one after the other.
 *
 * @param offsets per slot id the byte offset; of a cache, the bytes per block of those before it
 * @param scratchBytes of all activations
 * @param kvBlockBytes of one block in all caches
 */
record BufferPlan(long[] offsets, long scratchBytes, long kvBlockBytes) {
  private static final long ALIGNMENT = 64;

  static BufferPlan of(Program program, Schedule schedule, Limits limits) {
    long[] offsets = new long[program.slots()];
    long scratch = place(program, schedule, slot -> bytes(slot, limits, 0), offsets);
    long kvBlockBytes = 0;
    for (Task task : program.tasks()) {
      if (task.out().domain() == Domain.KV_BLOCKS) {
        offsets[task.out().id()] = kvBlockBytes;
        kvBlockBytes += task.out().rowBytes();
      }
    }
    return new BufferPlan(offsets, scratch, kvBlockBytes);
  }

  /** The slot's buffer in the plan's memory. */
  Buffer buffer(Slot slot, MemorySegment scratch, MemorySegment kvPool, Limits limits, int blocks) {
    boolean cache = slot.domain() == Domain.KV_BLOCKS;
    MemorySegment memory = cache ? kvPool : scratch;
    long offset = offsets[slot.id()] * (cache ? blocks : 1);
    return new Buffer(memory.asSlice(offset, bytes(slot, limits, blocks)), slot);
  }

  private static long bytes(Slot slot, Limits limits, int blocks) {
    long bytes = slot.rowBytes() * slot.domain().most(limits, blocks);
    return slot.domain() == Domain.KV_BLOCKS
        ? bytes
        : (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static long place(
      Program program, Schedule schedule, ToLongFunction<Slot> size, long[] offsets) {
    var free = new FreeList();
    List<Slot> live = new ArrayList<>();
    for (int i : schedule.order()) {
      Slot out = program.tasks().get(i).out();
      int phase = schedule.phaseOf()[i];
      for (var it = live.iterator(); it.hasNext(); ) {
        Slot slot = it.next();
        if (schedule.lastRead()[slot.id()] < phase) {
          free.release(offsets[slot.id()], size.applyAsLong(slot));
          it.remove();
        }
      }
      if (size.applyAsLong(out) > 0) {
        offsets[out.id()] = free.take(size.applyAsLong(out));
        live.add(out);
      }
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
