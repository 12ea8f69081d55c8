package io.solebox.engine.tokenizer;

import io.solebox.engine.source.Keys;
import io.solebox.engine.source.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * The tokens of a model: text, kind and score by id, and id by text. Texts stay the UTF-8 that the
 * file holds; nothing is an object per token, so that a large vocabulary is ready in milliseconds.
 */
final class Vocabulary {
  static final String TOKENS_KEY = "tokens";
  static final String SCORES_KEY = "scores";
  static final String KINDS_KEY = "token_type";

  /** What {@link #find} gives for a text that is no token. */
  static final int ABSENT = TokenIndex.ABSENT;

  /** Twice what the largest known vocabulary has (XLM-V); most have less than 300,000. */
  private static final int MAX_TOKENS = 1 << 21;

  private final MetadataValue.Strings texts;
  private final TokenKind[] kinds;
  private final float[] scores;
  private final TokenIndex index;

  private Vocabulary(MetadataValue.Strings texts, TokenKind[] kinds, float[] scores) {
    this.texts = texts;
    this.kinds = kinds;
    this.scores = scores;
    this.index = new TokenIndex(texts);
  }

  /**
   * @param texts by id; the empty text is no token
   */
  static Vocabulary of(MetadataValue.Strings texts, TokenKind[] kinds, float[] scores) {
    return new Vocabulary(texts, kinds, scores);
  }

  /** Texts one after the other. */
  static MetadataValue.Strings strings(List<byte[]> texts) {
    int[] ends = new int[texts.size()];
    int size = 0;
    for (int i = 0; i < ends.length; i++) {
      size += texts.get(i).length;
      ends[i] = size;
    }
    byte[] bytes = new byte[size];
    for (int i = 0; i < ends.length; i++) {
      byte[] text = texts.get(i);
      System.arraycopy(text, 0, bytes, ends[i] - text.length, text.length);
    }
    return new MetadataValue.Strings(bytes, ends);
  }

  static Vocabulary read(Keys keys) {
    MetadataValue.Strings texts = keys.strings(TOKENS_KEY);
    if (texts.size() == 0) {
      throw keys.bad(TOKENS_KEY, "the vocabulary is empty");
    }
    if (texts.size() > MAX_TOKENS) {
      throw keys.bad(TOKENS_KEY, "a vocabulary of " + texts.size() + " tokens makes no sense");
    }
    return new Vocabulary(texts, readKinds(keys, texts), readScores(keys, texts));
  }

  private static TokenKind[] readKinds(Keys keys, MetadataValue.Strings texts) {
    TokenKind[] kinds = new TokenKind[texts.size()];
    Arrays.fill(kinds, TokenKind.NORMAL);
    if (keys.has(KINDS_KEY)) {
      int[] ids = keys.ints(KINDS_KEY);
      checkSize(keys, KINDS_KEY, ids.length, kinds.length);
      for (int i = 0; i < kinds.length; i++) {
        kinds[i] = TokenKind.byId(ids[i]);
      }
    }
    return kinds;
  }

  private static float[] readScores(Keys keys, MetadataValue.Strings texts) {
    float[] scores = new float[texts.size()];
    if (keys.has(SCORES_KEY)) {
      float[] found = keys.floats(SCORES_KEY);
      checkSize(keys, SCORES_KEY, found.length, scores.length);
      for (int i = 0; i < scores.length; i++) {
        // No NaN and no negative zero, so that scores have one order.
        scores[i] = Float.isNaN(found[i]) ? Float.NEGATIVE_INFINITY : found[i] + 0f;
      }
    }
    return scores;
  }

  private static void checkSize(Keys keys, String key, int found, int tokens) {
    if (found < tokens) {
      throw keys.bad(key, "has " + found + " elements for " + tokens + " tokens");
    }
  }

  int size() {
    return kinds.length;
  }

  String text(int id) {
    return texts.get(id);
  }

  byte[] textBytes(int id) {
    return Arrays.copyOfRange(texts.bytes(), texts.start(id), texts.end(id));
  }

  /** What a token says whose text has U+2581 for spaces and names bytes. */
  byte[] spaced(int id) {
    return switch (kinds[id]) {
      case BYTE -> new byte[] {ByteTokens.value(text(id))};
      case USER_DEFINED, CONTROL, UNKNOWN -> textBytes(id);
      case NORMAL, UNUSED -> Spaces.unescape(textBytes(id));
    };
  }

  /** The same, in which user-defined tokens are ordinary ones. */
  Vocabulary hidingUserDefined() {
    TokenKind[] others = kinds.clone();
    Arrays.setAll(others, id -> kinds[id] == TokenKind.USER_DEFINED ? TokenKind.NORMAL : kinds[id]);
    return new Vocabulary(texts, others, scores);
  }

  TokenKind kind(int id) {
    return kinds[id];
  }

  /** For use while the tokenizer is built; see {@link SpecialTokens}. */
  void setKind(int id, TokenKind kind) {
    kinds[id] = kind;
  }

  /** All texts by id. */
  MetadataValue.Strings texts() {
    return texts;
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
    return index.find(utf8, from, to);
  }

  /** Ids by text. */
  TokenIndex index() {
    return index;
  }
}
