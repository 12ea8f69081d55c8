package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Tokens by id as GGUF lists them: one for each row of the model's table of embeddings. Tokens
 * behind the last row are left out; rows without a token are unused.
 */
final class TokenTable {
  /** The score of what no merge makes, and of rows without a token. */
  static final float ADDED = -1000;

  private static final float NONE = -10_000;

  private final byte[][] texts;
  private final TokenKind[] kinds;
  private final float[] scores;
  private final List<String> leftOut = new ArrayList<>();

  TokenTable(int rows) {
    this.texts = new byte[rows][];
    this.kinds = new TokenKind[rows];
    this.scores = new float[rows];
    for (int id = 0; id < rows; id++) {
      texts[id] = "[PAD%d]".formatted(id).getBytes(StandardCharsets.UTF_8);
    }
    Arrays.fill(kinds, TokenKind.UNUSED);
    Arrays.fill(scores, NONE);
  }

  int size() {
    return texts.length;
  }

  void put(int id, byte[] text, TokenKind kind, float score) {
    if (id >= texts.length) {
      leftOut.add(new String(text, StandardCharsets.UTF_8));
      return;
    }
    texts[id] = text;
    kinds[id] = kind;
    scores[id] = score;
  }

  /**
   * Puts a token that was added to a vocabulary. Some that are structure are not called so in their
   * files, and are known by how they look, as llama.cpp's converter knows them.
   */
  void putAdded(int id, String text, boolean special) {
    boolean control = special || looksSpecial(text);
    String written = control ? text : text.replace('\u2581', ' ');
    put(
        id,
        written.getBytes(StandardCharsets.UTF_8),
        control ? TokenKind.CONTROL : TokenKind.USER_DEFINED,
        ADDED);
  }

  private static boolean looksSpecial(String text) {
    return List.of("<pad>", "<mask>", "<2mass>", "[@BOS@]").contains(text)
        || text.startsWith("<|") && text.endsWith("|>")
        || text.startsWith("<｜") && text.endsWith("｜>")
        || text.startsWith("<unused") && text.endsWith(">");
  }

  /** What to say of tokens without a row. */
  List<String> notes() {
    return new TableRows(0, size()).notes(leftOut);
  }

  void write(Map<String, MetadataValue> keys, boolean withScores) {
    keys.put("tokenizer.ggml.tokens", Vocabulary.strings(List.of(texts)));
    if (withScores) {
      keys.put("tokenizer.ggml.scores", new MetadataValue.Floats(scores));
    }
    int[] ids = Arrays.stream(kinds).mapToInt(TokenKind::id).toArray();
    keys.put("tokenizer.ggml.token_type", new MetadataValue.Ints(ValueType.I32, ids));
  }
}
