package io.solebox.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {
  @ParameterizedTest
  @CsvSource({
    "llama3.2, registry.ollama.ai, library, llama3.2, latest, llama3.2",
    "llama3.2:1b, registry.ollama.ai, library, llama3.2, 1b, llama3.2:1b",
    "registry.ollama.ai/library/x:LATEST, registry.ollama.ai, library, x, LATEST, x",
    "u/r, hf.co, u, r, latest, u/r",
    "u/r:Q4_K_M, hf.co, u, r, Q4_K_M, u/r:Q4_K_M",
    "HuggingFace.co/u/r:file.gguf, hf.co, u, r, file.gguf, u/r:file.gguf",
    "hf.co/u.v/r, hf.co, u.v, r, latest, hf.co/u.v/r",
    "registry.ollama.ai/mike/x, registry.ollama.ai, mike, x, latest, registry.ollama.ai/mike/x",
    "localhost:5000/a/b:c, localhost:5000, a, b, c, localhost:5000/a/b:c",
  })
  void whatIsLeftOutIsFilledInAndLeftOutAgain(
      String text, String host, String namespace, String name, String tag, String shortest) {
    ModelName parsed = ModelName.parse(text);
    assertEquals(host, parsed.host());
    assertEquals(namespace, parsed.namespace());
    assertEquals(name, parsed.name());
    assertEquals(tag, parsed.tag());
    assertEquals(shortest, parsed.toString());
    assertEquals(parsed, ModelName.parse(shortest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "a:",
        ":b",
        "/",
        "a/",
        "/a",
        "a//b",
        "a/b/c/d",
        "..",
        "../a",
        "a/..",
        "a:..",
        "a/b/..",
        "a b",
        "a\u0000",
        "a:b:c",
        "hf.co/a",
        "\u00e4",
        ".a",
        "-a",
        "a\\b",
        "host:99999999/a/b",
        "a/b:c/d"
      })
  void whatIsNoNameIsRefused(String text) {
    assertThrows(SoleboxException.class, () -> ModelName.parse(text));
    assertEquals(Optional.empty(), ModelName.find(text));
  }

  @Test
  void lengthsAreBounded() {
    assertTrue(ModelName.find("a".repeat(100)).isPresent());
    assertTrue(ModelName.find("a".repeat(101)).isEmpty());
    assertTrue(ModelName.find("a:" + "b".repeat(201)).isEmpty());
  }

  @Test
  void caseTellsNoNamesApart() {
    ModelName one = ModelName.parse("Qwen/Qwen3:Q4_K_M");
    ModelName other = ModelName.parse("qwen/qwen3:q4_k_m");
    assertEquals(one, other);
    assertEquals(one.hashCode(), other.hashCode());
    assertEquals("Qwen/Qwen3:Q4_K_M", one.toString());
    assertNotEquals(one, one.withTag("Q8_0"));
    assertEquals(Path.of("hf.co/qwen/qwen3/q4_k_m"), one.folder());
    assertEquals(
        Path.of("localhost+5000/a/b/latest"), ModelName.parse("localhost:5000/a/b").folder());
  }
}
