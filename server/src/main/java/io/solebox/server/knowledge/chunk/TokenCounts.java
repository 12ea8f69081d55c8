package io.solebox.server.knowledge.chunk;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * About how many tokens words have, each by itself: texts repeat words, so most are known. The sum
 * over a text is near what the whole has, and never asked for more than that.
 */
final class TokenCounts {
  /** Words that are remembered: as many as a long book has. */
  private static final int MOST = 50_000;

  private final ToIntFunction<String> tokens;

  private final int added;

  private final Map<String, Integer> known = new HashMap<>();

  TokenCounts(ToIntFunction<String> tokens) {
    this.tokens = tokens;
    this.added = tokens.applyAsInt("");
  }

  /** Tokens that the model adds to every text. */
  int added() {
    return added;
  }

  /** Of a word, at least 1: so text that a tokenizer passes over does not make endless chunks. */
  int of(String word) {
    if (known.size() > MOST) {
      known.clear();
    }
    return known.computeIfAbsent(
        word.strip(), text -> Math.max(1, tokens.applyAsInt(text) - added));
  }

  /** Of a text with what the model adds, exactly. */
  int exactly(String text) {
    return tokens.applyAsInt(text);
  }
}
