package io.solebox.engine.schedule;

import io.solebox.engine.cache.BlockPool;
import io.solebox.engine.cache.BlockTable;
import java.util.Arrays;

/**
 * One sequence on its way through the engine loop, which alone touches it: its ids so far, how many
 * of them are in the KV cache, and who waits for it.
 */
final class Sequence {
  private final BlockTable table;
  private final Work work;
  private int[] ids;
  private int length;
  private int computed;

  Sequence(int[] prompt, Work work, BlockPool pool) {
    this.ids = Arrays.copyOf(prompt, prompt.length + 16);
    this.length = prompt.length;
    this.work = work;
    this.table = new BlockTable(pool);
  }

  Work work() {
    return work;
  }

  BlockTable table() {
    return table;
  }

  /** Ids known so far, prompt and answer. */
  int length() {
    return length;
  }

  int id(int position) {
    return ids[position];
  }

  /** Positions whose keys and values are in the cache. */
  int computed() {
    return computed;
  }

  int uncomputed() {
    return length - computed;
  }

  void append(int id) {
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, 2 * length);
    }
    ids[length++] = id;
  }

  /** Begins, or begins again after a preemption, with what the prefix cache has. */
  void matchPrefix() {
    computed = table.matchPrefix(ids, Math.min(length - 1, work.reusablePrefix()));
    if (computed > 0) {
      work.foundInCache(computed);
    }
  }

  /** {@code n} more positions were computed. */
  void advance(int n) {
    computed += n;
    table.publish(ids, computed);
  }

  /** Gives its blocks back; everything must be computed again. */
  void release() {
    table.release();
    computed = 0;
  }
}
