package io.solebox.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names by which programs ask for models. */
class ModelNamesTest {
  private static final List<String> OWN = List.of("Qwen3-8B-Q4_K_M", "guide");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "guide",
        "Guide",
        "GUIDE",
        "guide.gguf",
        "Guide.GGUF",
        "guide:latest",
        "guide:q8_0",
        " guide "
      })
  void theSameModelInOtherWords(String asked) {
    assertEquals(Optional.of("guide"), ModelNames.OWN.find(asked, OWN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4", "guid", "guide2", ":latest", "", "guide/x"})
  void otherModels(String asked) {
    assertEquals(Optional.empty(), ModelNames.OWN.find(asked, OWN));
  }

  @Test
  void aliases() {
    ModelNames names = new ModelNames(Map.of("gpt-4o", "guide", "q", "Qwen3-8B-Q4_K_M"), false);
    assertEquals(Optional.of("guide"), names.find("gpt-4o", OWN));
    assertEquals(Optional.of("guide"), names.find("GPT-4o:latest", OWN));
    assertEquals(Optional.of("Qwen3-8B-Q4_K_M"), names.find("q", OWN));
    assertEquals(Optional.empty(), names.find("gpt-4", OWN));
  }

  @Test
  void exactNamesComeFirst() {
    assertEquals(Optional.of("A"), ModelNames.OWN.find("A", List.of("a", "A")));
    assertEquals(Optional.of("a:7b"), ModelNames.OWN.find("a:7b", List.of("a", "a:7b")));
  }

  @Test
  void whatStandsBehindAColonIsTheModelsBusiness() {
    ModelNames names = new ModelNames(Map.of("q", "guide"), false);
    List<String> own = List.of("guide", "a:7b");
    assertEquals(Optional.of(new ModelNames.Split("guide", "x")), names.split("Guide:x", own));
    assertEquals(Optional.of(new ModelNames.Split("guide", "x")), names.split("q:x", own));
    assertEquals(Optional.of(new ModelNames.Split("a:7b", "x")), names.split("a:7b:x", own));
    assertEquals(Optional.empty(), names.split("a:7b", own));
    assertEquals(Optional.empty(), names.split("A:7B", own));
    assertEquals(Optional.empty(), names.split("a:7b.gguf", own));
    assertEquals(Optional.empty(), names.split("guide", own));
    assertEquals(Optional.empty(), names.split("other:x", own));
    assertEquals(Optional.empty(), names.split(":x", own));
  }

  @Test
  void anyNameIsForOneModel() {
    ModelNames any = new ModelNames(Map.of(), true);
    assertEquals(Optional.of("guide"), any.find("gpt-4", List.of("guide")));
    assertEquals(Optional.empty(), any.find("gpt-4", OWN));
  }
}
