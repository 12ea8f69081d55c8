package io.solebox.engine.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The ids that a constraint allows, a bit each: id i is allowed where bit {@code i % 64} of word
 * {@code i / 64} is set. Shared and not copied: who made it changes it no more while a step runs.
 */
public final class TokenMask {
  /** Allows every id. */
  public static final TokenMask ALL = new TokenMask(new long[0]);

  private final long[] words;

  /**
   * @param words at least {@code ceil(V / 64)} of them; none for a mask that allows everything
   */
  public TokenMask(long[] words) {
    this.words = words;
  }

  public boolean isAll() {
    return words.length == 0;
  }

  public boolean allows(int id) {
    return isAll() || (words[id >>> 6] & 1L << id) != 0;
  }

  /** The same for {@code vocab} ids, of which it allows none that it does not know. */
  TokenMask of(int vocab) {
    return isAll() ? this : new TokenMask(Arrays.copyOf(words, Math.ceilDiv(vocab, Long.SIZE)));
  }

  /** The words, not to be changed. */
  public long[] words() {
    return words;
  }

  /** Makes the logits of all other ids negative infinity. */
  public void apply(MemorySegment logits, long at, int vocab) {
    for (int word = 0; word < words.length && word << 6 < vocab; word++) {
      if (words[word] != -1L) {
        apply(words[word], logits, at, word << 6, Math.min(vocab, (word << 6) + 64));
      }
    }
  }

  private static void apply(long allowed, MemorySegment logits, long at, int from, int to) {
    for (int id = from; id < to; id++) {
      if ((allowed & 1L << id) == 0) {
        logits.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + 4L * id, Float.NEGATIVE_INFINITY);
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenMask mask && Arrays.equals(words, mask.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }
}
