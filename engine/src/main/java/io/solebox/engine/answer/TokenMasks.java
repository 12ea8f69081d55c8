package io.solebox.engine.answer;

import io.solebox.engine.backend.TokenMask;

/** Makes masks of masks. */
final class TokenMasks {
  private TokenMasks() {}

  /** Allows one id of {@code vocab}. */
  static TokenMask only(int vocab, int id) {
    long[] words = new long[(vocab + 63) / 64];
    words[id >>> 6] = 1L << id;
    return new TokenMask(words);
  }

  /** Allows what one of the two allows; both are for the same vocabulary. */
  static TokenMask union(TokenMask one, TokenMask other) {
    if (one.isAll() || other.isAll()) {
      return TokenMask.ALL;
    }
    long[] words = one.words().clone();
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words()[i];
    }
    return new TokenMask(words);
  }
}
