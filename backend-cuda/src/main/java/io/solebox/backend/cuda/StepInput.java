package io.solebox.backend.cuda;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Where a part's ids, positions and block tables lie, all int32 in one piece of device memory with
 * an equal one in pinned host memory. Kernels find everything that changes from step to step here,
 * so that a captured graph serves every token.
 *
 * @param tokens the most tokens of a part
 * @param rows the most rows
 * @param sequences the most sequences
 * @param blocksPerTable entries of a table
 */
record StepInput(int tokens, int rows, int sequences, int blocksPerTable) {
  /** The most tokens that a block of prefill attention takes. */
  static final int SPAN = 64;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  static StepInput of(Limits limits) {
    return new StepInput(
        Places.rows(false, limits),
        Places.rows(true, limits),
        Math.max(limits.maxSequences(), DecodeBatch.LARGEST),
        KvBlocks.forTokens(limits.maxSequenceTokens()));
  }

  long idsAt() {
    return 0;
  }

  long positionsAt() {
    return Integer.BYTES * (long) tokens;
  }

  /** Per token the row of its sequence in the tables. */
  long sequencesAt() {
    return Integer.BYTES * 2L * tokens;
  }

  /** Per requested row its token. */
  long rowsAt() {
    return Integer.BYTES * 3L * tokens;
  }

  /** Everything up to here changes with every part. */
  long spansAt() {
    return Places.align(rowsAt() + Integer.BYTES * (long) rows);
  }

  /** The tables change only when a sequence comes, goes, or enters a new block. */
  long tablesAt() {
    return spansAt() + Places.align(2L * Integer.BYTES * maxSpans());
  }

  private int maxSpans() {
    return tokens / SPAN + sequences;
  }

  long bytes() {
    return tablesAt() + Integer.BYTES * (long) sequences * blocksPerTable;
  }

  /**
   * Writes what changes with every part. Tokens after the part's own are padding: at position -1,
   * which is neither stored nor attended; rows after the part's own repeat the first token.
   *
   * @param paddedTokens tokens that will be computed, at least the part's own
   */
  void write(Part part, Batch batch, int paddedTokens, int paddedRows, MemorySegment to) {
    int[] local = localSequences(part, batch);
    for (int t = 0; t < paddedTokens; t++) {
      boolean padding = t >= part.tokens().length;
      int token = padding ? 0 : part.tokens()[t];
      put(to, idsAt(), t, padding ? 0 : batch.tokens()[token]);
      put(to, positionsAt(), t, padding ? -1 : batch.positions()[token]);
      put(to, sequencesAt(), t, padding ? 0 : local[t]);
    }
    for (int r = 0; r < paddedRows; r++) {
      put(to, rowsAt(), r, r < part.rows().size() ? part.rows().get(r).token() : 0);
    }
  }

  /** Cuts the part into runs of neighbouring tokens of one sequence, for prefill attention. */
  void writeSpans(Part part, Batch batch, MemorySegment to) {
    int span = 0;
    for (int from = 0; from < part.tokens().length; span++) {
      int end = spanEnd(part, batch, from);
      put(to, spansAt(), 2 * span, from);
      put(to, spansAt(), 2 * span + 1, end - from);
      from = end;
    }
  }

  /** How many spans {@link #writeSpans} writes. */
  int countSpans(Part part, Batch batch) {
    int spans = 0;
    for (int from = 0; from < part.tokens().length; spans++) {
      from = spanEnd(part, batch, from);
    }
    return spans;
  }

  private static int spanEnd(Part part, Batch batch, int from) {
    int[] indices = part.tokens();
    int sequence = batch.sequenceOf()[indices[from]];
    int end = from + 1;
    while (end < indices.length
        && end - from < SPAN
        && batch.sequenceOf()[indices[end]] == sequence) {
      end++;
    }
    return end;
  }

  private static int[] localSequences(Part part, Batch batch) {
    int[] local = new int[part.tokens().length];
    for (int t = 0, s = 0; t < local.length; t++) {
      int sequence = batch.sequenceOf()[part.tokens()[t]];
      while (part.sequences()[s] != sequence) {
        s++;
      }
      local[t] = s;
    }
    return local;
  }

  /**
   * Writes the blocks that the part's tokens reach.
   *
   * @param kvBlocks size of the pool
   * @return whether anything is other than it was
   */
  boolean writeTables(Part part, Batch batch, int kvBlocks, MemorySegment to) {
    boolean changed = false;
    int[] needed = new int[part.sequences().length];
    int[] local = localSequences(part, batch);
    for (int t = 0; t < local.length; t++) {
      int reached = batch.positions()[part.tokens()[t]] + 1;
      needed[local[t]] = Math.max(needed[local[t]], KvBlocks.forTokens(reached));
    }
    for (int s = 0; s < needed.length; s++) {
      int[] table = batch.blockTables()[part.sequences()[s]];
      check(table, needed[s], kvBlocks);
      for (int i = 0; i < needed[s]; i++) {
        changed |= putTable(to, s, i, table[i]);
      }
    }
    return changed;
  }

  /** A wrong block would overwrite another sequence, or memory that is not the cache at all. */
  private void check(int[] table, int needed, int kvBlocks) {
    if (needed > blocksPerTable || needed > table.length) {
      throw new IllegalArgumentException(
          "a sequence reaches into block %d of %d, table %s"
              .formatted(needed, blocksPerTable, Arrays.toString(table)));
    }
    for (int i = 0; i < needed; i++) {
      if (table[i] < 0 || table[i] >= kvBlocks) {
        throw new IllegalArgumentException("block " + table[i] + " of a pool of " + kvBlocks);
      }
    }
  }

  private boolean putTable(MemorySegment to, int sequence, int index, int block) {
    long at = tablesAt() + Integer.BYTES * ((long) sequence * blocksPerTable + index);
    boolean changed = to.get(INT, at) != block;
    to.set(INT, at, block);
    return changed;
  }

  private static void put(MemorySegment to, long at, int index, int value) {
    to.set(INT, at + Integer.BYTES * (long) index, value);
  }
}
