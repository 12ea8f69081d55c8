package io.solebox.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.testdata.SharedData;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads tokenizer.json; expectations are those of tokenizers 0.23.2 (PyPI). */
@Timeout(120)
class HuggingFaceTest {
  private static final String CASES = "/tokenizer/tokenizer-json-cases.json";

  /** Byte-level BPE of a few letters. */
  private static final String SMALL =
      """
      {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "\u0120": 2, "ab": 3, "\u0120a": 4},
                 "merges": [["a", "b"], "\u0120 a"]},
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
       "decoder": {"type": "ByteLevel"},
       "added_tokens": [{"id": 5, "content": "<eos>", "special": true}]}
      """;

  private final ObjectMapper mapper = new ObjectMapper();

  @TempDir Path folder;

  private static int[] ids(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  private Tokenizer small(String text) {
    try {
      Files.writeString(folder.resolve("tokenizer.json"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return Tokenizers.of(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert",
        "deepseek_v2",
        "deepseek_v3",
        "gemma2",
        "gemma3",
        "gpt2",
        "gpt_oss",
        "granite",
        "llama-tied",
        "llama3-rope",
        "mistral",
        "mixtral",
        "nomic-bert",
        "olmo2",
        "phi3",
        "phi3-longrope",
        "qwen2",
        "qwen3",
        "qwen3-embedding",
        "qwen3_moe",
        "smollm3",
        "starcoder2"
      })
  void tinyModels(String name) {
    Path model = SharedData.folder("arch").resolve(name);
    Tokenizer tokenizer = Tokenizers.of(model.resolve("hf"));
    JsonNode samples = mapper.readTree(model.resolve("manifest.json")).at("/tokenizer/samples");
    assertTrue(samples.size() >= 5);
    for (JsonNode sample : samples) {
      String text = sample.path("text").asString();
      int[] found = tokenizer.encode(text, Specials.AS_TEXT, false);
      assertEquals(Arrays.toString(ids(sample.path("ids"))), Arrays.toString(found), text);
      if (!name.endsWith("bert")) { // which forgets case, accents and spaces
        assertEquals(text, tokenizer.decode(found, false));
      }
    }
  }

  /** Each component and each of its switches, put into one of the tiny tokenizers. */
  @Test
  void components() throws IOException {
    Path models = SharedData.folder("arch");
    JsonNode cases;
    try (InputStream in = HuggingFaceTest.class.getResourceAsStream(CASES)) {
      cases = mapper.readTree(in);
    }
    List<String> wrong = new ArrayList<>();
    for (JsonNode entry : cases) {
      Path base = models.resolve(entry.path("base").asString()).resolve("hf/tokenizer.json");
      Tokenizer tokenizer = small(changed((ObjectNode) mapper.readTree(base), entry).toString());
      for (JsonNode line : entry.path("cases")) {
        String text = line.path("text").asString();
        int[] found = tokenizer.encode(text, Specials.PARSE, true);
        if (!Arrays.equals(ids(line.path("ids")), found)) {
          wrong.add(entry.path("name") + " " + text + ": " + Arrays.toString(found));
        }
      }
    }
    assertTrue(cases.size() > 60);
    assertEquals(List.of(), wrong);
  }

  private static ObjectNode changed(ObjectNode base, JsonNode entry) {
    for (Map.Entry<String, JsonNode> change : entry.path("change").properties()) {
      switch (change.getKey()) {
        case "added_tokens" ->
            ((ArrayNode) base.get("added_tokens")).addAll((ArrayNode) change.getValue());
        case "model" -> ((ObjectNode) base.get("model")).setAll((ObjectNode) change.getValue());
        default -> base.set(change.getKey(), change.getValue());
      }
    }
    return base;
  }

  @Test
  void specialTokensAreNamedByTheFilesBeside() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"<eos>\"}}");
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [5, 3]}");
    Tokenizer tokenizer = small(SMALL);
    assertEquals(5, tokenizer.eos().orElseThrow());
    assertEquals(java.util.Set.of(5, 3), tokenizer.endOfGeneration());
    assertArrayEquals(new int[] {3, 4, 5}, tokenizer.encode("ab a<eos>", Specials.PARSE, true));
    int[] text = tokenizer.encode("a<eos>", Specials.AS_TEXT, true);
    assertArrayEquals(new int[] {0}, text); // the letters of the rest are no tokens
    assertEquals("ab a", tokenizer.decode(new int[] {3, 4, 5}, false));
    assertEquals("ab a<eos>", tokenizer.decode(new int[] {3, 4, 5}, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"ByteLevel\", \"add|\"Klingon\", \"add|UNSUPPORTED_MODEL|Klingon",
        "\"BPE\"|\"Transformer\"|UNSUPPORTED_MODEL|Transformer",
        "\"merges\"|\"marges\"|BAD_MODEL_FILE|merges",
        "[\"a\", \"b\"]|[\"a\", \"z\"]|BAD_MODEL_FILE|merges",
        "[\"a\", \"b\"]|7|BAD_MODEL_FILE|merges",
        "\"b\": 1|\"b\": 0|BAD_MODEL_FILE|vocab",
        "\"b\": 1|\"b\": -1|BAD_MODEL_FILE|vocab",
        "\"b\": 1|\"b\": \"x\"|BAD_MODEL_FILE|vocab",
        "\"id\": 5|\"id\": true|BAD_MODEL_FILE|id",
        "{\"model\"|{\"model|BAD_MODEL_FILE|line",
        "\"decoder\"|\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"!\"}, "
            + "\"decoder\"|BAD_MODEL_FILE|precompiled_charsmap",
        "\"decoder\"|\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(a)\\\\1\"},"
            + " \"content\": \"\"}, \"decoder\"|UNSUPPORTED_MODEL|Regex"
      })
  void brokenFilesAreRefused(String part, String broken, ErrorCode code, String named) {
    assertTrue(SMALL.contains(part), part);
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> small(SMALL.replace(part, broken)));
    assertEquals(code, error.code(), error.describe());
    assertTrue(error.describe().contains(named), error.describe());
    assertTrue(error.place().contains("tokenizer.json"), error.place());
  }

  @Test
  void aFolderWithoutATokenizerIsNamed() {
    SoleboxException error = assertThrows(SoleboxException.class, () -> Tokenizers.of(folder));
    assertEquals(ErrorCode.MODEL_NOT_FOUND, error.code());
  }
}
