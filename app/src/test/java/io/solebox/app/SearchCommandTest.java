package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person finds in the catalogue. */
@Timeout(60)
class SearchCommandTest {
  @TempDir static Path home; // one for all: measuring the memory takes a second
  private static CliRunner cli;

  @BeforeAll
  static void open() {
    cli = new CliRunner(home).with("SOLEBOX_OFFLINE", "1");
  }

  private static List<Map<String, Object>> search(String... words) {
    var arguments = new ArrayList<>(List.of("models", "search", "--json"));
    arguments.addAll(List.of(words));
    var found = cli.run(arguments.toArray(String[]::new));
    assertEquals(0, found.exitCode(), found.err());
    return found.rows();
  }

  @Test
  void findsByWordsUseAndLicence() {
    var qwen = search("qwen3", "CODER");
    assertTrue(qwen.stream().anyMatch(m -> m.get("name").equals("qwen3-coder-30b-a3b")));
    assertTrue(qwen.stream().allMatch(m -> m.get("source").toString().contains("Coder")));
    var embedders = search("--for", "embedding", "--licence", "MIT");
    assertFalse(embedders.isEmpty());
    assertTrue(embedders.stream().allMatch(m -> m.get("license").equals("mit")));
    assertTrue(embedders.stream().allMatch(m -> !m.containsKey("estimated_tokens_per_second")));
  }

  @Test
  void showsWhatFits() {
    for (var model : search("--fits")) {
      assertEquals(true, model.get("fits"), model.toString());
      assertTrue((long) model.get("estimated_bytes") < (long) model.get("free_bytes"));
    }
    var small = search("smollm2-135m").getFirst();
    assertEquals("Q4_K_M", small.get("quantization"));
    assertEquals("tiny", small.get("class"));
    assertTrue((double) small.get("estimated_tokens_per_second") > 0);
  }

  @Test
  void readsAsATable() {
    var found = cli.run("models", "search", "gpt-oss-120b");
    assertTrue(found.out().startsWith("NAME "), found.out());
    assertTrue(found.out().contains("apache-2.0"), found.out());
    assertTrue(found.err().contains("estimates"), found.err());
    var none = cli.run("models", "search", "gpt-oss", "embedding");
    assertEquals("", none.out());
    assertTrue(none.err().contains("no such model"), none.err());
  }

  @Test
  void saysWhichUsesThereAre() {
    var wrong = cli.run("models", "search", "--for", "vision");
    assertEquals(2, wrong.exitCode());
    assertTrue(wrong.err().contains("chat, reasoning, code, embedding, rerank"), wrong.err());
  }
}
