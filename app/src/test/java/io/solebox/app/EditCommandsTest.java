package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox models split}, {@code join}, {@code set} and {@code merge}. */
class EditCommandsTest {
  @TempDir Path home;

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  private Path file(String name) {
    return home.resolve(name);
  }

  @Test
  void aFileIsSplitJoinedAndRenamed() throws IOException {
    String model = new CliRunner(home).synth(home, "tiny", "Q8_0");
    long half = Files.size(Path.of(model)) / 2;
    var planned =
        run("models", "split", model, "--max-size", "" + half, "--dry-run", "--json").rows();
    var split = run("models", "split", model, "--max-size", "" + half, "--json");
    assertEquals(0, split.exitCode(), split.err());
    assertEquals(planned, split.rows());
    Path joined = file("joined.gguf");
    String part = split.rows().getLast().get("file").toString();
    assertEquals(0, run("models", "join", part, joined.toString()).exitCode());
    assertEquals(-1, Files.mismatch(Path.of(model), joined));

    Path named = file("named.gguf");
    var set = run("models", "set", model, "general.name=Mine", "--out", named.toString());
    assertEquals(0, set.exitCode(), set.err());
    assertEquals("Mine", run("inspect", named.toString(), "--json").object().get("name"));
  }

  @Test
  void anAdapterIsConvertedAndMerged() {
    Path tests = Path.of("..", "engine-testkit", "src", "test").toAbsolutePath().normalize();
    String poet = tests.resolve("adapters/poet").toString();
    String model = tests.resolve("reference/llama-linear/llama-linear-f32.gguf").toString();
    Path adapter = file("poet.gguf");
    var converted = run("convert", poet, adapter.toString(), "--base", model);
    assertEquals(0, converted.exitCode(), converted.err());
    for (String which : new String[] {poet, adapter.toString()}) {
      var merged = run("models", "merge", model, which, file("out.gguf").toString(), "--force");
      assertEquals(0, merged.exitCode(), merged.err());
      assertTrue(merged.out().contains("15 matrices"), merged.out());
    }
  }

  @Test
  void nonsenseIsWrongUsage() {
    for (String line :
        new String[] {
          "models split x.gguf --max-size huge",
          "models set x.gguf name --out y.gguf",
          "models set x.gguf --out y.gguf"
        }) {
      var result = run(line.split(" "));
      assertEquals(2, result.exitCode(), line);
      assertTrue(result.err().contains("--help"), result.err());
    }
  }
}
