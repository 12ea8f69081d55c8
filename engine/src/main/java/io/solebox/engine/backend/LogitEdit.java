package io.solebox.engine.backend;

import java.lang.foreign.MemorySegment;

/**
 * What is changed of a row of logits before an id is chosen from it.
 *
 * @param bias applied first
 * @param mask ids that may be chosen at all
 */
public record LogitEdit(SparseBias bias, TokenMask mask) {
  public static final LogitEdit NONE = new LogitEdit(SparseBias.NONE, TokenMask.ALL);

  public static LogitEdit of(SparseBias bias) {
    return new LogitEdit(bias, TokenMask.ALL);
  }

  /** The same, as it is now, for rows of another model that has {@code vocab} ids. */
  public LogitEdit ofVocabulary(int vocab) {
    return new LogitEdit(bias.below(vocab), mask.of(vocab));
  }

  /** Changes logits f32 [V] that begin at byte {@code at}. */
  public void apply(MemorySegment logits, long at, int vocab) {
    bias.apply(logits, at);
    mask.apply(logits, at, vocab);
  }

  public boolean isEmpty() {
    return bias.size() == 0 && mask.isAll();
  }
}
