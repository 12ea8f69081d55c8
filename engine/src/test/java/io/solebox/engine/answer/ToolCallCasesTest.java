package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Answers of all families of {@code shared/testdata/toolcalls}. What is required there is required
 * here, and so is what was meant by an answer that llama.cpp reads in another way or refuses.
 */
@Timeout(120)
class ToolCallCasesTest {
  private static ToolCallCases cases;

  @BeforeAll
  static void find() {
    cases = new ToolCallCases();
  }

  static List<String> families() {
    return List.of(
        "apriel",
        "cohere",
        "deepseek",
        "deepseek-dsml",
        "firefunction",
        "functionary",
        "gemma",
        "gigachat",
        "glm",
        "gpt-oss",
        "granite",
        "hermes-qwen",
        "kimi-k2",
        "kimi-k3",
        "lfm2",
        "ling3",
        "llama3",
        "minimax",
        "mistral",
        "muse",
        "other",
        "qwen3-coder-xml",
        "seed-oss",
        "solar");
  }

  @ParameterizedTest
  @MethodSource("families")
  void requiredFieldsAreRead(String family) {
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : cases.of(family)) {
      wrong.addAll(cases.differences(one));
    }
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @MethodSource("families")
  void whatWasMeantIsRead(String family) {
    int meant = 0;
    int reached = 0;
    List<String> wrong = new ArrayList<>();
    for (JsonNode one : cases.of(family)) {
      Optional<List<String>> differences = cases.differencesFromMeant(one);
      if (differences.isPresent()) {
        meant++;
        reached += differences.get().isEmpty() ? 1 : 0;
        wrong.addAll(differences.get());
      }
    }
    System.out.printf("%s: %d of %d that were meant otherwise%n", family, reached, meant);
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @MethodSource("families")
  void characterByCharacterIsTheSame(String family) {
    for (JsonNode one : cases.of(family)) {
      String raw = one.get("raw").asString();
      assertEquals(
          cases.parse(one, List.of(raw)).toString(),
          cases.parse(one, Cuts.characters(raw)).toString(),
          () -> one.get("id").asString());
    }
  }

  /** Of one template per family; its other templates have the same markers, or nearly. */
  @ParameterizedTest
  @MethodSource("families")
  void everyCutIsTheSame(String family) {
    String template = cases.of(family).getFirst().get("template").asString();
    int cuts = 0;
    for (JsonNode one : cases.of(family)) {
      if (one.get("template").asString().equals(template)) {
        String raw = one.get("raw").asString();
        String whole = cases.parse(one, List.of(raw)).toString();
        for (List<String> pieces : Cuts.inTwo(raw)) {
          assertEquals(
              whole, cases.parse(one, pieces).toString(), () -> one.get("id") + ": " + pieces);
          cuts++;
        }
      }
    }
    assertTrue(cuts > 100, "only " + cuts);
  }
}
