package io.solebox.backend.cuda;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.graph.LowRank;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Where a part's ids, positions and block tables lie, all int32 in one piece of device memory with
 * an equal one in pinned host memory. Kernels find everything that changes from step to step here,
 * so that a captured graph serves every token.
 *
 * @param tokens the most tokens of a part
 * @param rows the most rows
 * @param sequences the most sequences
 * @param blocksPerTable entries of a table
 * @param groups tables of a sequence
 * @param seesAhead whether tokens see what comes after them, so that kernels must know up to where
 * @param hasSlots whether sequences have recurrent state
 * @param hasVariants whether sequences may use adapters
 */
record StepInput(
    int tokens,
    int rows,
    int sequences,
    int blocksPerTable,
    int groups,
    boolean seesAhead,
    boolean hasSlots,
    boolean hasVariants) {
  /** The most tokens that a block of prefill attention takes. */
  static final int SPAN = 64;

  /** First token, tokens, end of the sequence. */
  private static final int SPAN_WORDS = 3;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  static StepInput of(Graph graph, Limits limits) {
    return new StepInput(
        Places.rows(false, limits),
        Places.rows(true, limits),
        Math.max(limits.maxSequences(), DecodeBatch.LARGEST),
        KvBlocks.forTokens(limits.maxSequenceTokens()),
        graph.groups().size(),
        graph.seesAhead(),
        graph.hasSlots(),
        graph.ops().stream().anyMatch(LowRank.class::isInstance));
  }

  private static long words(long count) {
    return Integer.BYTES * count;
  }

  long idsAt() {
    return 0;
  }

  long positionsAt() {
    return words(tokens);
  }

  /** Per token the row of its sequence in the tables. */
  long sequencesAt() {
    return words(2L * tokens);
  }

  /** Per requested row its token. */
  long rowsAt() {
    return words(3L * tokens);
  }

  /** Per token the last position that it sees, where that is not its own. */
  long lastsAt() {
    return rowsAt() + words(rows);
  }

  /** Per sequence its place for recurrent state. */
  long slotsAt() {
    return lastsAt() + words(seesAhead ? tokens : 0);
  }

  /** Per token the variant of the model that computes it. */
  long variantsAt() {
    return slotsAt() + words(hasSlots ? sequences : 0);
  }

  /** Everything up to here changes with every part. */
  long spansAt() {
    return Places.align(variantsAt() + words(hasVariants ? tokens : 0));
  }

  /** The tables change only when a sequence comes, goes, or enters a new block. */
  long tablesAt() {
    return spansAt() + Places.align(words((long) SPAN_WORDS * maxSpans()));
  }

  /** The tables of one group. */
  long tablesAt(int group) {
    return tablesAt() + words((long) group * sequences * blocksPerTable);
  }

  private int maxSpans() {
    return tokens / SPAN + sequences;
  }

  long bytes() {
    return tablesAt(groups);
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
      if (seesAhead) {
        put(to, lastsAt(), t, padding ? -1 : end(batch, token) - 1);
      }
      if (hasVariants) {
        put(to, variantsAt(), t, padding ? 0 : batch.variant(token));
      }
    }
    for (int r = 0; r < paddedRows; r++) {
      put(to, rowsAt(), r, r < part.rows().size() ? part.rows().get(r).token() : 0);
    }
    for (int s = 0; hasSlots && s < part.sequences().length; s++) {
      put(to, slotsAt(), s, batch.sequences().get(part.sequences()[s]).slot());
    }
  }

  /** The position after the last one of a token's sequence. */
  private static int end(Batch batch, int token) {
    return batch.positions()[batch.sequenceEnd(token) - 1] + 1;
  }

  /** Cuts the part into runs of neighbouring tokens of one sequence, for prefill attention. */
  void writeSpans(Part part, Batch batch, MemorySegment to) {
    int span = 0;
    for (int from = 0; from < part.tokens().length; span++) {
      int end = spanEnd(part, batch, from);
      put(to, spansAt(), SPAN_WORDS * span, from);
      put(to, spansAt(), SPAN_WORDS * span + 1, end - from);
      put(to, spansAt(), SPAN_WORDS * span + 2, end(batch, part.tokens()[from]));
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
   * Writes the blocks that the part's tokens see; {@link io.solebox.engine.backend.StepCheck} has
   * looked at them.
   *
   * @param groups of the graph
   * @return whether anything is other than it was
   */
  boolean writeTables(Part part, Batch batch, List<KeepGroup> groups, MemorySegment to) {
    boolean changed = false;
    int[] local = localSequences(part, batch);
    for (int t = 0; t < local.length; t++) {
      int token = part.tokens()[t];
      boolean first = t == 0 || local[t - 1] != local[t];
      for (int g = 0; first && g < groups.size(); g++) {
        int from = groups.get(g).firstNeeded(batch.positions()[token]) / KvBlocks.TOKENS;
        int end = KvBlocks.forTokens(end(batch, token));
        int[] table = batch.sequence(token).blocksOfGroup()[g];
        for (int i = from; i < end; i++) {
          changed |= putTable(to, g, local[t], i, table[i]);
        }
      }
    }
    return changed;
  }

  private boolean putTable(MemorySegment to, int group, int sequence, int index, int block) {
    long at = tablesAt(group) + words((long) sequence * blocksPerTable + index);
    boolean changed = to.get(INT, at) != block;
    to.set(INT, at, block);
    return changed;
  }

  private static void put(MemorySegment to, long at, int index, int value) {
    to.set(INT, at + words(index), value);
  }
}
