package io.solebox.server.answers;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.Set;

/** Lets an answer end only when it has so many tokens. */
public final class MinTokens implements TokenConstraint {
  private final TokenMask withoutEnds;
  private int missing;

  private MinTokens(TokenMask withoutEnds, int missing) {
    this.withoutEnds = withoutEnds;
    this.missing = missing;
  }

  /**
   * @param ends further ids that end the answer
   */
  public static MinTokens of(Tokenizer tokenizer, Set<Integer> ends, int tokens) {
    long[] words = new long[(tokenizer.vocabSize() + 63) / 64];
    Arrays.fill(words, -1);
    tokenizer.endOfGeneration().forEach(id -> clear(words, id));
    ends.forEach(id -> clear(words, id));
    return new MinTokens(new TokenMask(words), tokens);
  }

  private static void clear(long[] words, int id) {
    words[id >>> 6] &= ~(1L << id);
  }

  @Override
  public TokenMask allowed() {
    return missing > 0 ? withoutEnds : TokenMask.ALL;
  }

  @Override
  public void said(int id) {
    missing = Math.max(0, missing - 1);
  }

  @Override
  public TokenConstraint fork() {
    return new MinTokens(withoutEnds, missing);
  }
}
