package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox smoke} where there is nothing to try: no machine has a card of that number. */
class SmokeCommandTest {
  @TempDir private Path home;

  private CliRunner.Result run(String... more) {
    String[] words = new String[more.length + 3];
    words[0] = "smoke";
    words[1] = "--device";
    words[2] = "cuda:9999";
    System.arraycopy(more, 0, words, 3, more.length);
    return new CliRunner(home).run(words);
  }

  @Test
  void withoutACardItSaysWhatItWouldNeed() {
    CliRunner.Result result = run();
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("--device cuda:9999"), result.err());
    assertTrue(result.err().contains("A smoke test needs a GPU of NVIDIA's"), result.err());
    Map<String, Object> json = run("--quick", "--json").object();
    assertEquals("quick", json.get("pace"));
    assertEquals(List.of(), json.get("devices"));
    assertFalse(((List<?>) json.get("needs")).isEmpty());
    assertFalse(Files.exists(home.resolve("smoke-last.json")), "nothing was tried");
  }

  @Test
  void wrongWordsAreSaidBeforeAnythingIsTried() {
    assertEquals(2, run("--quick", "--full").exitCode());
    CliRunner.Result page = run("--html", home.resolve("report.json").toString());
    assertEquals(2, page.exitCode());
    assertTrue(page.err().contains(".html"), page.err());
    assertEquals(1, run("--html", home.resolve("no/such/report.html").toString()).exitCode());
  }
}
