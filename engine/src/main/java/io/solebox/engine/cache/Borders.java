package io.solebox.engine.cache;

import io.solebox.engine.backend.KvBlocks;

/**
 * Where snapshots of a sequence's state are worth their place: ends of blocks of its prompt, and
 * every end of a block of its answer, of which the latest counts.
 *
 * @param branch where its ids and those of another sequence part, after which more may follow; 0
 *     where they do not
 * @param last near the prompt's end, for the next turn of a conversation; 0 where little would be
 *     saved
 * @param end of the prompt
 * @param interval from one in the middle of a long prompt to the next
 */
record Borders(int branch, int last, int end, int interval) {
  /** Tokens that a snapshot must save. */
  private static final int WORTHWHILE = 2 * KvBlocks.TOKENS;

  /**
   * Tokens at the end of a prompt that the next turn's may not have: they open the answer, and a
   * template may open it in another way once it is there.
   */
  private static final int OPENING = 16;

  /**
   * Those of a sequence.
   *
   * @param computed positions that it begins after
   * @param known positions of its prompt, in whole blocks, whose ids another sequence began with
   * @param length of the prompt
   */
  static Borders of(int computed, int known, int length, int interval) {
    int last = Math.max(0, length - OPENING) / KvBlocks.TOKENS * KvBlocks.TOKENS;
    int least = computed + WORTHWHILE;
    return new Borders(known >= least ? known : 0, last >= least ? last : 0, length, interval);
  }

  /** The next one behind {@code computed} positions, or the prompt's end. */
  int next(int computed) {
    int next = end;
    for (int border : new int[] {branch, last}) {
      next = border > computed ? Math.min(next, border) : next;
    }
    int regular = (computed / interval + 1) * interval;
    return isRegular(regular) ? Math.min(next, regular) : next;
  }

  /** Whether a state that stands after {@code computed} positions is worth a snapshot. */
  boolean wants(int computed) {
    return computed == branch || computed == last || isRegular(computed) || isAnswer(computed);
  }

  private boolean isRegular(int position) {
    return position > 0 && position % interval == 0 && position <= last - WORTHWHILE;
  }

  /** Whether the prompt is over. */
  boolean isAnswer(int computed) {
    return computed >= end;
  }
}
