package io.solebox.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GGUF files of WordPiece vocabularies that carry the original tokenizer.json. */
class CarriedTokenizerTest {
  /** With the three letters that a syllable of Hangul decomposes to. */
  private static final List<String> TOKENS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##b", "\u1112", "##\u1161", "##\u11ab");

  private static final String HANGUL = "\ud55c";

  @TempDir Path folder;

  private static GgufWriter vocabulary() {
    return new GgufWriter()
        .put("tokenizer.ggml.model", "bert")
        .put(
            "tokenizer.ggml.tokens",
            TOKENS.stream()
                .map(
                    t -> t.startsWith("[") ? t : t.startsWith("##") ? t.substring(2) : "\u2581" + t)
                .toList())
        .put("tokenizer.ggml.token_type", new int[] {3, 3, 3, 3, 1, 1, 1, 1, 1})
        .put("tokenizer.ggml.bos_token_id", 2)
        .put("tokenizer.ggml.seperator_token_id", 3)
        .put("tokenizer.ggml.unknown_token_id", 1);
  }

  private static String json(List<String> tokens) {
    var vocab = new StringBuilder();
    for (String token : tokens) {
      int id = tokens.indexOf(token);
      vocab.append(id == 0 ? "" : ",").append('"').append(token).append("\":").append(id);
    }
    return """
    {"truncation": {"max_length": 3}, "padding": {"strategy": {"Fixed": 8}},
     "added_tokens": [{"id": 2, "content": "[CLS]", "special": true}],
     "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                    "strip_accents": null, "lowercase": true},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
               "max_input_chars_per_word": 4, "vocab": {%s}}}
    """
        .formatted(vocab);
  }

  private Tokenizer load(GgufWriter writer) {
    return SmallVocabularies.load(writer, folder.resolve("vocab.gguf"));
  }

  @Test
  void theOriginalNormalizesAndNothingIsCutOrPadded() {
    Tokenizer plain = load(vocabulary());
    Tokenizer original = load(vocabulary().put("tokenizer.huggingface.json", json(TOKENS)));
    for (String text : List.of("a ab AB", "\u00e1b", "")) {
      assertArrayEquals(
          plain.encode(text, Specials.AS_TEXT, true),
          original.encode(text, Specials.AS_TEXT, true));
    }
    assertArrayEquals(new int[] {2, 6, 7, 8, 3}, original.encode(HANGUL, Specials.AS_TEXT, true));
    assertArrayEquals(new int[] {2, 6, 3}, plain.encode(HANGUL, Specials.AS_TEXT, true));
    // A word of more characters than the file allows is unknown; llama.cpp has no such limit.
    assertArrayEquals(new int[] {1}, original.encode("abbbb", Specials.AS_TEXT, false));
    assertEquals(plain.namedTokens(), original.namedTokens());
    assertTrue(original.addsBos());
    assertEquals(9, original.vocabSize());
  }

  @Test
  void anOriginalOfAnotherVocabularyIsRefused() {
    var other = new ArrayList<>(TOKENS);
    other.set(4, "c");
    for (List<String> tokens : List.of(other, TOKENS.subList(0, 8))) {
      GgufWriter writer = vocabulary().put("tokenizer.huggingface.json", json(tokens));
      var refused = assertThrows(SoleboxException.class, () -> load(writer));
      assertEquals(ErrorCode.BAD_MODEL_FILE, refused.code());
      assertTrue(refused.describe().contains("tokenizer.huggingface.json"), refused.describe());
    }
    var broken = vocabulary().put("tokenizer.huggingface.json", "{");
    assertEquals(
        ErrorCode.BAD_MODEL_FILE, assertThrows(SoleboxException.class, () -> load(broken)).code());
  }
}
