package io.solebox.models.minilm;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.source.gguf.GgufWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The WordPiece vocabulary of a tokenizer.json, as GGUF has it. */
final class BertVocabulary {
  /** Numbers of token types in GGUF. */
  private static final int NORMAL = 1;

  private static final int CONTROL = 3;

  /** Names of GGUF for the special tokens of BERT; the separator's is spelled so there. */
  private static final Map<String, String> SPECIAL =
      Map.of(
          "tokenizer.ggml.bos_token_id", "[CLS]",
          "tokenizer.ggml.cls_token_id", "[CLS]",
          "tokenizer.ggml.eos_token_id", "[SEP]",
          "tokenizer.ggml.seperator_token_id", "[SEP]",
          "tokenizer.ggml.unknown_token_id", "[UNK]",
          "tokenizer.ggml.padding_token_id", "[PAD]",
          "tokenizer.ggml.mask_token_id", "[MASK]");

  private final String place;
  private final byte[] json;
  private final String[] tokens;

  /**
   * @param place for errors
   * @param json of tokenizer.json
   * @throws SoleboxException {@code BAD_MODEL_FILE}
   */
  BertVocabulary(String place, byte[] json) {
    this.place = place;
    this.json = json.clone();
    Map<String, Object> file;
    try {
      file = new JsonReader(JsonLimits.LOCAL).readObject(json);
    } catch (JsonException e) {
      throw bad("This is not JSON: " + e.getMessage());
    }
    if (!(file.get("model") instanceof Map<?, ?> model
        && "WordPiece".equals(model.get("type"))
        && "##".equals(model.get("continuing_subword_prefix"))
        && model.get("vocab") instanceof Map<?, ?> vocab)) {
      throw bad("It has no vocabulary of WordPiece.");
    }
    this.tokens = new String[vocab.size()];
    vocab.forEach(this::put);
    if (Arrays.stream(tokens).anyMatch(Objects::isNull)) {
      throw bad("Some ids have no token.");
    }
  }

  private void put(Object token, Object id) {
    if (!(token instanceof String text
        && id instanceof Long number
        && number >= 0
        && number < tokens.length
        && tokens[number.intValue()] == null)) {
      throw bad("The id of " + token + " is " + id + ".");
    }
    tokens[number.intValue()] = text;
  }

  int size() {
    return tokens.length;
  }

  /**
   * Adds the keys of the tokenizer. The whole of tokenizer.json is one of them: it says how text is
   * normalized, which the other keys say only roughly.
   */
  void writeTo(GgufWriter writer) {
    writer.put("tokenizer.ggml.model", "bert");
    writer.put("tokenizer.ggml.token_type_count", 2);
    writer.put("tokenizer.ggml.tokens", Arrays.stream(tokens).map(BertVocabulary::marked).toList());
    writer.put("tokenizer.ggml.token_type", kinds());
    List<String> all = Arrays.asList(tokens);
    SPECIAL.keySet().stream()
        .sorted()
        .forEach(
            key -> {
              int id = all.indexOf(SPECIAL.get(key));
              if (id < 0) {
                throw bad("There is no token " + SPECIAL.get(key) + ".");
              }
              writer.put(key, id);
            });
    writer.put("tokenizer.huggingface.json", new String(json, StandardCharsets.UTF_8));
  }

  /** GGUF marks what begins a word, the original what does not; names in brackets are no words. */
  private static String marked(String token) {
    if (token.startsWith("[") && token.endsWith("]")) {
      return token;
    }
    return token.startsWith("##") ? token.substring(2) : "\u2581" + token;
  }

  private int[] kinds() {
    return Arrays.stream(tokens)
        .mapToInt(token -> SPECIAL.containsValue(token) ? CONTROL : NORMAL)
        .toArray();
  }

  private SoleboxException bad(String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE, place, message, "Fetch the artifact again.");
  }
}
