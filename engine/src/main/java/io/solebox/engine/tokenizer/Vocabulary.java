package io.solebox.engine.tokenizer;

import io.solebox.engine.gguf.GgufMetadata;
import io.solebox.engine.gguf.GgufValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The tokens of a model: text, kind and score by id, and id by text. Texts stay the UTF-8 that the
 * file holds; nothing is an object per token, so that a large vocabulary is ready in milliseconds.
 */
final class Vocabulary {
  static final String TOKENS_KEY = "tokenizer.ggml.tokens";
  static final String SCORES_KEY = "tokenizer.ggml.scores";
  static final String KINDS_KEY = "tokenizer.ggml.token_type";

  /** What {@link #find} gives for a text that is no token. */
  static final int ABSENT = -1;

  private static final int EMPTY_SLOT = -1;

  private final GgufValue.Strings texts;
  private final TokenKind[] kinds;
  private final float[] scores;
  private final int maxTokenBytes;

  /** Open addressing with linear probing; at most half full. */
  private final int[] slots;

  private Vocabulary(GgufValue.Strings texts, TokenKind[] kinds, float[] scores) {
    this.texts = texts;
    this.kinds = kinds;
    this.scores = scores;
    this.slots = new int[Math.max(16, Integer.highestOneBit(Math.max(1, texts.size())) * 4)];
    Arrays.fill(slots, EMPTY_SLOT);
    int longest = 0;
    for (int id = 0; id < texts.size(); id++) {
      longest = Math.max(longest, texts.end(id) - texts.start(id));
      insert(id);
    }
    this.maxTokenBytes = longest;
  }

  static Vocabulary read(GgufMetadata metadata) {
    GgufValue.Strings texts = metadata.stringArray(TOKENS_KEY);
    if (texts.size() == 0) {
      throw metadata.bad(TOKENS_KEY, "the vocabulary is empty");
    }
    return new Vocabulary(texts, readKinds(metadata, texts), readScores(metadata, texts));
  }

  private static TokenKind[] readKinds(GgufMetadata metadata, GgufValue.Strings texts) {
    TokenKind[] kinds = new TokenKind[texts.size()];
    Arrays.fill(kinds, TokenKind.NORMAL);
    if (metadata.has(KINDS_KEY)) {
      int[] ids = metadata.ints(KINDS_KEY);
      checkSize(metadata, KINDS_KEY, ids.length, kinds.length);
      for (int i = 0; i < kinds.length; i++) {
        kinds[i] = TokenKind.byId(ids[i]);
      }
    }
    return kinds;
  }

  private static float[] readScores(GgufMetadata metadata, GgufValue.Strings texts) {
    float[] scores = new float[texts.size()];
    if (metadata.has(SCORES_KEY)) {
      float[] found = metadata.floats(SCORES_KEY);
      checkSize(metadata, SCORES_KEY, found.length, scores.length);
      for (int i = 0; i < scores.length; i++) {
        // No NaN and no negative zero, so that scores have one order.
        scores[i] = Float.isNaN(found[i]) ? Float.NEGATIVE_INFINITY : found[i] + 0f;
      }
    }
    return scores;
  }

  private static void checkSize(GgufMetadata metadata, String key, int found, int tokens) {
    if (found < tokens) {
      throw metadata.bad(key, "has " + found + " elements for " + tokens + " tokens");
    }
  }

  int size() {
    return kinds.length;
  }

  int maxTokenBytes() {
    return maxTokenBytes;
  }

  String text(int id) {
    return texts.get(id);
  }

  byte[] textBytes(int id) {
    return Arrays.copyOfRange(texts.bytes(), texts.start(id), texts.end(id));
  }

  TokenKind kind(int id) {
    return kinds[id];
  }

  /** For use while the tokenizer is built; see {@link SpecialTokens}. */
  void setKind(int id, TokenKind kind) {
    kinds[id] = kind;
  }

  float score(int id) {
    return scores[id];
  }

  OptionalInt find(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int id = find(utf8, 0, utf8.length);
    return id == ABSENT ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** The token with exactly these bytes, or {@link #ABSENT}; called in the innermost loops. */
  int find(byte[] utf8, int from, int to) {
    byte[] all = texts.bytes();
    int mask = slots.length - 1;
    for (int slot = hash(utf8, from, to) & mask; ; slot = (slot + 1) & mask) {
      int id = slots[slot];
      if (id == EMPTY_SLOT) {
        return ABSENT;
      }
      int start = texts.start(id);
      if (texts.end(id) - start == to - from
          && Arrays.equals(all, start, texts.end(id), utf8, from, to)) {
        return id;
      }
    }
  }

  /** The first of equal texts stays; the empty text is no token. */
  private void insert(int id) {
    int start = texts.start(id);
    int end = texts.end(id);
    if (start == end) {
      return;
    }
    int mask = slots.length - 1;
    int slot = hash(texts.bytes(), start, end) & mask;
    while (slots[slot] != EMPTY_SLOT) {
      int other = slots[slot];
      if (Arrays.equals(
          texts.bytes(), texts.start(other), texts.end(other), texts.bytes(), start, end)) {
        return;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = id;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = (hash ^ bytes[i]) * 0x01000193;
    }
    hash *= 0x9E3779B1;
    return hash ^ (hash >>> 15);
  }
}
