package io.solebox.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.testdata.SharedData;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class TokenizersTest {
  private static final List<String> CONTROLS = List.of("<|im_start|>", "<|im_end|>", "<|x|>");

  @TempDir Path folder;

  private Tokenizer load(GgufWriter writer) {
    return SmallVocabularies.load(writer, folder.resolve("vocab.gguf"));
  }

  private Tokenizer bytes(String pre) {
    return load(SmallVocabularies.bytePair(pre, List.of("a b", "ab c", "b c"), CONTROLS));
  }

  @Test
  void mergesByRankThenFromTheLeft() {
    Tokenizer tokenizer = bytes("gpt-2");
    assertArrayEquals(new int[] {257}, tokenizer.encode("abc", Specials.AS_TEXT, false));
    assertArrayEquals(new int[] {258, 258}, tokenizer.encode("bcbc", Specials.AS_TEXT, false));
    assertEquals("abcbc", tokenizer.decode(new int[] {257, 258}, false));
    assertArrayEquals(new int[0], tokenizer.encode("", Specials.AS_TEXT, true));
  }

  @Test
  void specialTokensAreTextUnlessAskedFor() {
    Tokenizer tokenizer = bytes("qwen2");
    String text = "ab<|im_end|>\n<|im_end";
    int[] parsed = tokenizer.encode(text, Specials.PARSE, false);
    assertEquals(256, parsed[0]);
    assertEquals(260, parsed[1]);
    assertEquals(1 + 1 + 1 + "<|im_end".length(), parsed.length);
    assertEquals(text, tokenizer.decode(parsed, true));
    assertEquals("ab\n<|im_end", tokenizer.decode(parsed, false));
    int[] asText = tokenizer.encode(text, Specials.AS_TEXT, false);
    assertEquals(text, tokenizer.decode(asText, false));
    assertTrue(tokenizer.isSpecial(260));
    assertEquals("<|im_end|>", new String(tokenizer.tokenBytes(260), StandardCharsets.UTF_8));
    assertEquals(Set.of(260), tokenizer.endOfGeneration());
    assertFalse(tokenizer.bos().isPresent());
  }

  @Test
  void beginAndEndAsTheFileSays() {
    GgufWriter writer =
        SmallVocabularies.bytePair("llama-bpe", List.of("a b"), CONTROLS)
            .put("tokenizer.ggml.bos_token_id", 257)
            .put("tokenizer.ggml.eos_token_id", 259);
    Tokenizer tokenizer = load(writer);
    assertTrue(tokenizer.addsBos());
    assertArrayEquals(new int[] {257, 256}, tokenizer.encode("ab", Specials.PARSE, true));
    assertArrayEquals(new int[] {256}, tokenizer.encode("ab", Specials.PARSE, false));
    assertEquals(Set.of(258, 259), tokenizer.endOfGeneration());
    Tokenizer other =
        load(
            writer
                .put("tokenizer.ggml.add_bos_token", false)
                .put("tokenizer.ggml.add_eos_token", true));
    assertFalse(other.addsBos());
    assertArrayEquals(new int[] {256, 259}, other.encode("ab", Specials.PARSE, true));
    // An id beyond the vocabulary is none.
    Tokenizer none = load(writer.put("tokenizer.ggml.bos_token_id", 1 << 30));
    assertFalse(none.bos().isPresent());
  }

  @Test
  void sentencePieceJoinsByScoreAndFallsBackToBytes() {
    List<String> words = List.of("\u2581a", "ab", "a", "b", "\u2581", "\u2581\u2581");
    Tokenizer tokenizer = load(SmallVocabularies.sentencePiece(words));
    assertArrayEquals(new int[] {1, 259, 262}, tokenizer.encode("ab", Specials.AS_TEXT, true));
    int[] bytes = tokenizer.encode("\u00fc", Specials.AS_TEXT, false);
    assertArrayEquals(new int[] {263, 3 + 0xc3, 3 + 0xbc}, bytes);
    for (String text : List.of("ab ab  a", " a", "", "   ", "b\n\u00fc\ud83d\ude00", "<s>")) {
      int[] ids = tokenizer.encode(text, Specials.AS_TEXT, false);
      assertEquals(text, tokenizer.decode(ids, false));
    }
    int[] afterSpecial = tokenizer.encode("a<s>a", Specials.PARSE, false);
    assertArrayEquals(new int[] {259, 1, 259}, afterSpecial);
    Tokenizer bare =
        load(SmallVocabularies.sentencePiece(words).put("tokenizer.ggml.add_space_prefix", false));
    assertArrayEquals(new int[] {260}, bare.encode("ab", Specials.AS_TEXT, false));
    assertEquals(" a", bare.decode(bare.encode(" a", Specials.AS_TEXT, false), false));
  }

  @Test
  void halfASurrogatePairIsNoCharacter() {
    Tokenizer tokenizer = bytes("gpt-2");
    int[] ids = tokenizer.encode("a\ud83dbc\udc00", Specials.AS_TEXT, false);
    assertEquals("a\ufffdbc\ufffd", tokenizer.decode(ids, false));
  }

  @Test
  void streamingNeverEmitsHalfACharacter() {
    Tokenizer tokenizer = bytes("gpt-2");
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
    for (int round = 0; round < 300; round++) {
      int[] ids = random.ints(40, 0, 262).toArray();
      StreamingDecoder decoder = tokenizer.streamingDecoder(true);
      StringBuilder out = new StringBuilder();
      for (int id : ids) {
        String part = decoder.accept(id);
        assertTrue(part.isEmpty() || !Character.isHighSurrogate(part.charAt(part.length() - 1)));
        out.append(part);
      }
      out.append(decoder.finish());
      assertEquals(tokenizer.decode(ids, true), out.toString());
    }
    StreamingDecoder decoder = tokenizer.streamingDecoder(false);
    int[] smile = tokenizer.encode("\ud83d\ude00", Specials.AS_TEXT, false);
    assertEquals(
        "", decoder.accept(smile[0]) + decoder.accept(smile[1]) + decoder.accept(smile[2]));
    assertEquals("\ud83d\ude00", decoder.accept(smile[3]));
    assertEquals("", decoder.accept(smile[0]));
    assertEquals("\ufffd", decoder.finish());
  }

  @Test
  void unknownKindsAreNamedWithTheKnownOnes() {
    SoleboxException pre = assertThrows(SoleboxException.class, () -> bytes("klingon"));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, pre.code());
    assertTrue(pre.describe().contains("klingon") && pre.describe().contains("qwen2"));
    SoleboxException model =
        assertThrows(
            SoleboxException.class,
            () -> load(new GgufWriter().put("tokenizer.ggml.model", "rwkv")));
    assertTrue(model.describe().contains("rwkv") && model.describe().contains("llama"));
  }

  /** As llama.cpp does, and people are told. */
  @Test
  void filesThatDoNotSayHowTheySplitLoadWithANote() {
    List<String> merges = List.of("1 1", "11 1", "a b");
    Tokenizer stated = load(SmallVocabularies.bytePair("gpt-2", merges, CONTROLS));
    assertEquals(List.of(), stated.notes());
    assertArrayEquals(new int[] {256, 257}, stated.encode("11111", Specials.AS_TEXT, false));
    Tokenizer unstated = load(SmallVocabularies.bytePair("default", merges, CONTROLS));
    // Digits in threes from the left, as no known model splits them otherwise.
    int[] threes = {257, 256};
    assertArrayEquals(threes, unstated.encode("11111", Specials.AS_TEXT, false));
    assertEquals(1, unstated.notes().size());
    assertTrue(unstated.notes().getFirst().contains("tokenizer.ggml.pre is default"));
  }

  @Test
  void wordPieceTakesTheLongestPiecesAndAddsItsFrame() {
    List<String> tokens =
        List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "\u2581un", "aff", "able", "\u2581!");
    Tokenizer tokenizer =
        load(
            new GgufWriter()
                .put("tokenizer.ggml.model", "bert")
                .put("tokenizer.ggml.tokens", tokens)
                .put("tokenizer.ggml.token_type", new int[] {3, 3, 3, 3, 3, 1, 1, 1, 1})
                .put("tokenizer.ggml.bos_token_id", 2)
                .put("tokenizer.ggml.unknown_token_id", 1)
                .put("tokenizer.ggml.seperator_token_id", 3));
    int[] ids = tokenizer.encode("Un\u00e1ffable! x [MASK]", Specials.PARSE, true);
    assertArrayEquals(new int[] {2, 5, 6, 7, 8, 1, 4, 3}, ids);
    assertEquals(" unaffable !", tokenizer.decode(ids, false));
    assertEquals(3, tokenizer.namedTokens().get("sep_token"));
  }

  @Test
  void unigramTakesTheMostLikelyPieces() {
    List<String> tokens =
        List.of("<pad>", "</s>", "<unk>", "\u2581a", "b", "ab", "\u2581", "\u2581ab");
    GgufWriter writer =
        new GgufWriter()
            .put("tokenizer.ggml.model", "t5")
            .put("tokenizer.ggml.tokens", tokens)
            .put("tokenizer.ggml.token_type", new int[] {3, 3, 2, 1, 1, 1, 1, 1})
            .put("tokenizer.ggml.scores", new float[] {0, 0, 0, -2, -2, -5, -1, -4.5f})
            .put("tokenizer.ggml.add_space_prefix", true)
            .put("tokenizer.ggml.remove_extra_whitespaces", true);
    Tokenizer tokenizer = load(writer);
    assertArrayEquals(
        new int[] {3, 4, 3, 2, 1}, tokenizer.encode(" ab  a\u4e2d\u6587 ", Specials.AS_TEXT, true));
    writer.put("tokenizer.ggml.precompiled_charsmap", new int[] {9, 0, 0, 0, 1});
    assertBad(writer, "precompiled_charsmap");
  }

  @Test
  void brokenVocabulariesAreRefused() {
    GgufWriter none = new GgufWriter().put("tokenizer.ggml.model", "llama");
    assertBad(none, "tokenizer.ggml.tokens");
    assertBad(none.put("tokenizer.ggml.tokens", List.of()), "tokenizer.ggml.tokens");
    none.put("tokenizer.ggml.tokens", List.of("a", "b"));
    assertBad(none.put("tokenizer.ggml.scores", new float[1]), "tokenizer.ggml.scores");
    none.put("tokenizer.ggml.scores", new float[] {Float.NaN, Float.NaN});
    assertBad(none.put("tokenizer.ggml.token_type", new int[1]), "tokenizer.ggml.token_type");
    none.put("tokenizer.ggml.token_type", new int[] {99, -5});
    // Nothing is known of these tokens and there are no bytes to fall back to: still no exception.
    Tokenizer odd = load(none);
    assertEquals("", odd.decode(odd.encode("ab c", Specials.PARSE, true), true));
    GgufWriter noMerges =
        new GgufWriter()
            .put("tokenizer.ggml.model", "gpt2")
            .put("tokenizer.ggml.pre", "gpt-2")
            .put("tokenizer.ggml.tokens", List.of("a", "a", ""));
    assertBad(noMerges, "tokenizer.ggml.merges");
    noMerges.put("tokenizer.ggml.merges", List.of("", " ", "x", "a  a", "a zz", "a a", "a a"));
    Tokenizer few = load(noMerges);
    assertArrayEquals(new int[] {0, 0, 0}, few.encode("aa\u00fca", Specials.PARSE, true));
  }

  private void assertBad(GgufWriter writer, String key) {
    SoleboxException error = assertThrows(SoleboxException.class, () -> load(writer));
    assertEquals(ErrorCode.BAD_MODEL_FILE, error.code());
    assertTrue(error.place().contains(key), error.describe());
  }

  /** Much of one thing; anything quadratic would take minutes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-2",
        "llama-bpe",
        "qwen2",
        "gpt-4o",
        "deepseek-llm",
        "deepseek-v3",
        "tiny_aya",
        "llama"
      })
  @Timeout(120)
  void hostileTextStaysLinear(String pre) {
    List<String> words = List.of("\u2581a", "aa", "aaaa", "\u2581", "\u2581\u2581", "a", "11");
    Tokenizer tokenizer =
        pre.equals("llama")
            ? load(SmallVocabularies.sentencePiece(words))
            : load(
                SmallVocabularies.bytePair(
                    pre, List.of("a a", "aa aa", "Ġ Ġ", "1 1", "ð Ł"), CONTROLS));
    for (String part :
        List.of(
            "a",
            " ",
            "\n",
            "1",
            "!",
            "\ud83d\ude00",
            "\t ",
            "<|im_start|",
            "'s",
            "<|x|>",
            "\r\n ",
            "   ".repeat(9) + "x",
            "\u4e2d")) {
      String text = part.repeat(400_000 / part.length());
      int[] ids = tokenizer.encode(text, Specials.PARSE, false);
      assertEquals(text, tokenizer.decode(ids, true));
    }
  }

  @Test
  void aTrainedTinyModelSpeaks() throws IOException {
    Path stories = SharedData.folder("stories260K");
    JsonNode manifest = new ObjectMapper().readTree(stories.resolve("manifest.json"));
    int[] ids =
        manifest
            .path("prompts")
            .path("greedy200")
            .path("ids")
            .valueStream()
            .mapToInt(JsonNode::asInt)
            .toArray();
    try (ModelSource source =
        ModelSources.open(stories.resolve("stories260K-f32.gguf"), ModelSource.Access.MAPPED)) {
      Tokenizer tokenizer = Tokenizers.of(source.metadata());
      int[] withoutBegin = java.util.Arrays.copyOfRange(ids, 1, ids.length);
      String text = tokenizer.decode(withoutBegin, false);
      String expected = Files.readString(stories.resolve("expected-greedy-200.test_all.txt"));
      assertTrue(expected.startsWith(text), text);
      assertEquals(1, tokenizer.bos().orElseThrow());
      assertTrue(tokenizer.endOfGeneration().contains(2));
    }
  }
}
