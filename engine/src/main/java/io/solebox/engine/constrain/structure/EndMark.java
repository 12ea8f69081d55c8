package io.solebox.engine.constrain.structure;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text that ends something in which all may be said, as {@code </think>} does. No token goes
 * beyond it, unless by white space: what follows is to be seen from its beginning. Immutable; safe
 * for many threads.
 */
public final class EndMark {
  private final Tokenizer tokenizer;
  private final String mark;

  /** By the length of what is there of the mark already. */
  private final List<TokenMask> masks = new ArrayList<>();

  /** Reads the whole vocabulary. */
  EndMark(Tokenizer tokenizer, String mark) {
    this.tokenizer = tokenizer;
    this.mark = mark;
    long[] free = new long[(tokenizer.vocabSize() + 63) / 64];
    Arrays.fill(free, -1);
    tokenizer.endOfGeneration().forEach(id -> free[id >>> 6] &= ~(1L << id));
    for (int i = 0; i < mark.length(); i++) {
      masks.add(new TokenMask(free.clone()));
    }
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      String text = text(id);
      for (int there = 0; there < mark.length(); there++) {
        if (goesBeyond(mark.substring(0, there) + text)) {
          masks.get(there).words()[id >>> 6] &= ~(1L << id);
        }
      }
    }
  }

  private boolean goesBeyond(String text) {
    int at = text.indexOf(mark);
    return at >= 0 && !text.substring(at + mark.length()).isBlank();
  }

  private String text(int id) {
    return new String(tokenizer.tokenBytes(id), StandardCharsets.UTF_8);
  }

  /**
   * What may come before the mark: anything that does not end the answer.
   *
   * @param there the beginning of the mark that is there already
   */
  public TokenMask allowed(String there) {
    return masks.get(there.length());
  }

  /** Whether the mark is complete with a token. */
  public boolean isComplete(String there, int id) {
    return (there + text(id)).contains(mark);
  }

  /** The beginning of the mark that is there behind a token that does not complete it. */
  public String next(String there, int id) {
    String text = there + text(id);
    int length = Math.min(text.length(), mark.length() - 1);
    while (!text.endsWith(mark.substring(0, length))) {
      length--;
    }
    return mark.substring(0, length);
  }
}
