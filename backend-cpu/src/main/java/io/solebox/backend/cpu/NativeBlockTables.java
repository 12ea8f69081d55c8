package io.solebox.backend.cpu;

import io.solebox.backend.cpu.SystemMemory.Pages;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The block tables of the step that is running, where C can read them. */
final class NativeBlockTables {
  private final MemorySegment memory;
  private final long[] addresses;

  NativeBlockTables(Limits limits, Arena arena) {
    long bytes = bytes(limits);
    memory = SystemMemory.allocate(bytes, Pages.SMALL, "block tables", arena);
    addresses = new long[limits.maxSequences()];
  }

  static long bytes(Limits limits) {
    long blocks = KvBlocks.forTokens(limits.maxSequenceTokens());
    return Integer.BYTES * blocks * limits.maxSequences();
  }

  /** Copies what the tokens of this step need of them. */
  void begin(Batch batch) {
    long at = 0;
    for (int t = 0; t < batch.size(); t++) {
      int sequence = batch.sequenceOf()[t];
      if (t + 1 == batch.size() || batch.sequenceOf()[t + 1] != sequence) {
        int[] table = batch.blockTables()[sequence];
        int blocks = KvBlocks.forTokens(batch.positions()[t] + 1);
        MemorySegment.copy(table, 0, memory, ValueLayout.JAVA_INT, at, blocks);
        addresses[sequence] = memory.address() + at;
        at += (long) Integer.BYTES * blocks;
      }
    }
  }

  /** Address of int32 [blocks]. */
  long address(int sequence) {
    return addresses[sequence];
  }
}
