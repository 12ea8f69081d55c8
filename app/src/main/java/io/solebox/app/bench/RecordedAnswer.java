package io.solebox.app.bench;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.generation.TokenConstraint;

/**
 * Makes a model say ids that are known, as fast as it would say them by itself: guesses are run
 * whether they will be right or not.
 */
final class RecordedAnswer implements TokenConstraint {
  private final int[] ids;
  private final TokenMask[] masks; // by place, shared by forks
  private int said;

  RecordedAnswer(int[] ids, int vocab) {
    this(ids, masks(ids, vocab), 0);
  }

  private RecordedAnswer(int[] ids, TokenMask[] masks, int said) {
    this.ids = ids;
    this.masks = masks;
    this.said = said;
  }

  private static TokenMask[] masks(int[] ids, int vocab) {
    var masks = new TokenMask[ids.length];
    for (int i = 0; i < ids.length; i++) {
      long[] words = new long[Math.ceilDiv(vocab, Long.SIZE)];
      words[ids[i] / Long.SIZE] = 1L << ids[i];
      masks[i] = new TokenMask(words);
    }
    return masks;
  }

  @Override
  public TokenMask allowed() {
    return masks[Math.min(said, ids.length - 1)];
  }

  @Override
  public void said(int id) {
    said++;
  }

  @Override
  public TokenConstraint fork() {
    return new RecordedAnswer(ids, masks, said);
  }

  @Override
  public boolean admits(int id) {
    return true;
  }
}
