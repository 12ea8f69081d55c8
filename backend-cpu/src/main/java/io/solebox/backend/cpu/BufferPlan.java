package io.solebox.backend.cpu;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.ScratchPlan;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each slot lies: activations in the scratch memory, where bytes are reused as soon as the
 * phase of a slot's last reader is over; what is kept in a memory of its own for each group and for
 * recurrent state, one after the other.
 *
 * @param offsets per slot id the byte offset; of what is kept, the bytes per row of those before it
 * @param scratchBytes of all activations
 * @param blockBytes per group of the graph one block of all its caches
 * @param sequenceBytes of the recurrent state of one sequence
 * @param sumBytes of what grows from step to step
 */
record BufferPlan(
    long[] offsets, long scratchBytes, List<Long> blockBytes, long sequenceBytes, long sumBytes) {
  private static final long ALIGNMENT = 64;

  static BufferPlan of(Program program, Schedule schedule, Limits limits, int groups) {
    long[] offsets = new long[program.slots()];
    long[] blockBytes = new long[groups];
    long sequenceBytes = 0;
    for (Slot slot : program.kept()) {
      switch (slot.domain()) {
        case Domain.Blocks(int group) -> {
          offsets[slot.id()] = blockBytes[group];
          blockBytes[group] += slot.rowBytes();
        }
        case Domain.Slots _ -> {
          offsets[slot.id()] = sequenceBytes;
          sequenceBytes += slot.rowBytes();
        }
        case Domain.Tokens _, Domain.Requests _, Domain.Sums _ ->
            throw new AssertionError("not of a sequence: " + slot);
      }
    }
    long sumBytes = 0;
    for (Program.Watched watched : program.watched()) {
      offsets[watched.sums().id()] = sumBytes;
      sumBytes += watched.sums().rowBytes();
    }
    long scratch = place(program, schedule, limits, offsets);
    List<Long> perGroup = new ArrayList<>();
    for (long bytes : blockBytes) {
      perGroup.add(bytes);
    }
    return new BufferPlan(offsets, scratch, perGroup, sequenceBytes, sumBytes);
  }

  private static long place(Program program, Schedule schedule, Limits limits, long[] offsets) {
    var scratch = new ScratchPlan();
    for (int i : schedule.order()) {
      Slot out = program.tasks().get(i).out();
      scratch.advance(schedule.phaseOf()[i]);
      long bytes = out.domain().isKept() ? 0 : scratchBytes(out, limits);
      if (bytes > 0) {
        offsets[out.id()] = scratch.take(bytes, schedule.lastRead()[out.id()]);
      }
    }
    return scratch.bytes();
  }

  private static long scratchBytes(Slot slot, Limits limits) {
    long bytes = slot.rowBytes() * slot.domain().most(limits, KeptRows.one(0));
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** The slot's buffer in the plan's memory. */
  Buffer buffer(Slot slot, Memory memory, Limits limits) {
    long offset = offsets[slot.id()];
    MemorySegment from =
        switch (slot.domain()) {
          case Domain.Tokens _, Domain.Requests _ ->
              memory.scratch().asSlice(offset, scratchBytes(slot, limits));
          case Domain.Blocks(int group) -> kept(memory.pools().get(group), slot, memory, limits);
          case Domain.Slots _ -> kept(memory.states(), slot, memory, limits);
          case Domain.Sums _ -> kept(memory.sums(), slot, memory, limits);
        };
    return new Buffer(from, slot);
  }

  private MemorySegment kept(MemorySegment of, Slot slot, Memory memory, Limits limits) {
    long rows = slot.domain().most(limits, memory.rows());
    return of.asSlice(offsets[slot.id()] * rows, slot.rowBytes() * rows);
  }

  /**
   * What a plan allocates.
   *
   * @param pools per group of the graph
   */
  record Memory(
      MemorySegment scratch,
      List<MemorySegment> pools,
      MemorySegment states,
      MemorySegment sums,
      KeptRows rows) {}
}
