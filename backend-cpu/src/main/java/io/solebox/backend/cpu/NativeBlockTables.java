package io.solebox.backend.cpu;

import io.solebox.backend.cpu.SystemMemory.Pages;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The block tables of the step that is running, a set for each group, where C can read them. */
final class NativeBlockTables {
  private final MemorySegment memory;
  private final long[][] addresses; // by group and sequence of the batch

  NativeBlockTables(Limits limits, int groups, Arena arena) {
    long bytes = bytes(limits, groups);
    memory = SystemMemory.allocate(bytes, Pages.SMALL, "block tables", arena);
    addresses = new long[groups][limits.maxSequences()];
  }

  static long bytes(Limits limits, int groups) {
    long blocks = KvBlocks.forTokens((long) limits.maxSequenceTokens());
    return Integer.BYTES * blocks * limits.maxSequences() * groups;
  }

  /** Copies what the tokens of this step need of them. */
  void begin(Batch batch) {
    long at = 0;
    for (int t = 0; t < batch.size(); t = batch.sequenceEnd(t)) {
      int last = batch.positions()[batch.sequenceEnd(t) - 1];
      int blocks = KvBlocks.forTokens(last + 1);
      int[][] tables = batch.sequence(t).blocksOfGroup();
      for (int group = 0; group < addresses.length; group++) {
        MemorySegment.copy(tables[group], 0, memory, ValueLayout.JAVA_INT, at, blocks);
        addresses[group][batch.sequenceOf()[t]] = memory.address() + at;
        at += (long) Integer.BYTES * blocks;
      }
    }
  }

  /** Address of int32 [blocks]. */
  long address(int group, int sequence) {
    return addresses[group][sequence];
  }
}
