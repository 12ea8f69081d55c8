package io.solebox.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.source.gguf.GgufHeader;
import io.solebox.engine.testdata.SharedData;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Hard strings and llama.cpp's own vectors, from testdata/tokenizer. */
class ReferenceStringsTest {
  /** Vocabularies whose reference detokenizer also tidies spaces before punctuation. */
  private static final Set<String> TIDIED =
      Set.of("gpt-2", "llama-bpe", "mpt", "falcon", "refact", "starcoder", "bert-bge");

  private final ObjectMapper mapper = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-spm",
        "baichuan",
        "phi-3",
        "gpt-2",
        "llama-bpe",
        "qwen2",
        "mpt",
        "falcon",
        "refact",
        "starcoder",
        "deepseek-llm",
        "deepseek-coder",
        "bert-bge",
        "nomic-bert-moe"
      })
  void hardStrings(String name) throws IOException {
    Path lines = SharedData.folder("tokenizer").resolve(name + ".jsonl");
    VocabularyTokenizer tokenizer = VocabFiles.load(name);
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (String line : Files.readAllLines(lines)) {
      check(name, tokenizer, mapper.readTree(line), wrong);
      count++;
    }
    assertTrue(count > 200, "strings: " + count);
    assertEquals(List.of(), wrong);
  }

  private static void check(
      String name, VocabularyTokenizer tokenizer, JsonNode line, List<String> wrong) {
    byte[] text = bytes(line, "text", "bytes_b64", new byte[0]);
    int[] plain = ids(line, "ids", new int[0]);
    int[] parsed = ids(line, "ids_parse_special", plain);
    int[] added = ids(line, "ids_add_special", plain);
    int[] both = ids(line, "ids_add_special_parse_special", parsed);
    int[] second = ids(line, "second_opinion_ids", plain);
    String id = name + " " + line.path("id") + " " + line.path("text");
    int[] found = tokenizer.encode(text, Specials.AS_TEXT, false);
    if (!Arrays.equals(plain, found) && !Arrays.equals(second, found)) {
      wrong.add(id + " as text: " + Arrays.toString(found));
    }
    if (!Arrays.equals(parsed, tokenizer.encode(text, Specials.PARSE, false))) {
      wrong.add(id + " parsed");
    }
    if (!Arrays.equals(added, tokenizer.encode(text, Specials.AS_TEXT, true))) {
      wrong.add(id + " with BOS/EOS");
    }
    if (!Arrays.equals(both, tokenizer.encode(text, Specials.PARSE, true))) {
      wrong.add(id + " parsed, with BOS/EOS");
    }
    byte[] hidden = bytes(line, "detok_nospecial", "detok_nospecial_b64", text);
    byte[] shown = bytes(line, "detok_special", "detok_special_b64", hidden);
    checkBack(name, id + " decoded", hidden, tokenizer.decodeBytes(parsed, false), wrong);
    checkBack(name, id + " decoded whole", shown, tokenizer.decodeBytes(parsed, true), wrong);
    checkStream(id, tokenizer, parsed, wrong);
  }

  private static void checkBack(
      String name, String id, byte[] expected, byte[] found, List<String> wrong) {
    byte[] compared = TIDIED.contains(name) ? tidy(found) : found;
    if (!Arrays.equals(expected, compared)) {
      wrong.add(id + ": " + new String(found, StandardCharsets.UTF_8));
    }
  }

  /** What the reference does to decoded text and {@link Tokenizer#decode} does not. */
  private static byte[] tidy(byte[] text) {
    String out = new String(text, StandardCharsets.ISO_8859_1);
    out = out.replaceAll(" ([?!.,])", "$1");
    out = out.replace(" ' ", "'");
    out = out.replaceAll(" '(s|m|re|ve)", "'$1");
    return out.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Decoding one by one gives the same text, and no half character on the way. */
  private static void checkStream(
      String id, VocabularyTokenizer tokenizer, int[] ids, List<String> wrong) {
    StreamingDecoder decoder = tokenizer.streamingDecoder(true);
    StringBuilder streamed = new StringBuilder();
    StringBuilder whole = new StringBuilder();
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (int token : ids) {
      String part = decoder.accept(token);
      if (!part.isEmpty() && Character.isHighSurrogate(part.charAt(part.length() - 1))) {
        wrong.add(id + ": half a pair");
      }
      streamed.append(part);
      bytes.writeBytes(tokenizer.tokenBytes(token));
    }
    streamed.append(decoder.finish());
    whole.append(bytes.toString(StandardCharsets.UTF_8));
    if (!whole.toString().contentEquals(streamed)) {
      wrong.add(id + " streamed: " + streamed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-spm",
        "phi-3",
        "gpt-2",
        "llama-bpe",
        "qwen2",
        "qwen35",
        "mpt",
        "falcon",
        "refact",
        "starcoder",
        "deepseek-llm",
        "deepseek-coder",
        "bert-bge",
        "gemma-4"
      })
  void upstreamVectors(String name) throws IOException {
    Path folder = SharedData.folder("tokenizer").resolve("upstream");
    String stem = "ggml-vocab-" + name + ".gguf";
    String[] texts =
        Files.readString(folder.resolve(stem + ".inp")).split("\n__ggml_vocab_test__\n", -1);
    List<String> expected = Files.readAllLines(folder.resolve(stem + ".out"));
    VocabularyTokenizer tokenizer = VocabFiles.load(name);
    assertTrue(expected.size() >= 40, "cases: " + expected.size());
    for (int i = 0; i < expected.size(); i++) {
      int[] ids =
          Arrays.stream(expected.get(i).trim().split(" +"))
              .filter(word -> !word.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      int[] found = tokenizer.encode(texts[i], Specials.AS_TEXT, false);
      assertEquals(Arrays.toString(ids), Arrays.toString(found), texts[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama-tied",
        "llama3-rope",
        "mistral",
        "qwen2",
        "qwen3",
        "deepseek_v2",
        "deepseek_v3",
        "gemma2",
        "gemma3",
        "gpt2",
        "gpt_oss",
        "granite",
        "mixtral",
        "olmo2",
        "phi3",
        "phi3-longrope",
        "qwen3-embedding",
        "qwen3_moe",
        "smollm3",
        "bert",
        "nomic-bert",
        "starcoder2"
      })
  void tinyModels(String name) {
    Path folder = SharedData.folder("arch").resolve(name);
    JsonNode manifest = mapper.readTree(folder.resolve("manifest.json"));
    Path path = folder.resolve(name + "-f32.gguf");
    Tokenizer tokenizer = Tokenizers.of(GgufHeader.read(path).metadata());
    JsonNode samples = manifest.path("tokenizer").path("samples");
    assertTrue(samples.size() >= 5);
    for (JsonNode sample : samples) {
      int[] expected = ids(sample, "ids", new int[0]);
      String text = sample.path("text").asString();
      int[] found = tokenizer.encode(text, Specials.AS_TEXT, false);
      assertEquals(Arrays.toString(expected), Arrays.toString(found), text);
      if (!name.endsWith("bert")) { // which forgets case, accents and spaces
        assertEquals(text, tokenizer.decode(found, false));
      }
    }
  }

  private static int[] ids(JsonNode line, String field, int[] fallback) {
    JsonNode found = line.path(field);
    return found.isMissingNode()
        ? fallback
        : found.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private static byte[] bytes(JsonNode line, String field, String packed, byte[] fallback) {
    if (line.has(field)) {
      return line.path(field).asString().getBytes(StandardCharsets.UTF_8);
    }
    return line.has(packed) ? Base64.getDecoder().decode(line.path(packed).asString()) : fallback;
  }
}
