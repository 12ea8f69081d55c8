package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --adapter} of the commands that run a model for one purpose. */
class AdapterCommandsTest {
  private static final Path REFERENCES = Path.of("../engine-testkit/src/test");
  private static final String MODEL =
      REFERENCES.resolve("reference/llama-linear/llama-linear-f32.gguf").toString();
  private static final String POET = REFERENCES.resolve("adapters/poet/poet.gguf").toString();

  @TempDir Path home;

  @BeforeEach
  void look() {
    assumeTrue(Files.exists(Path.of(POET)), "SKIPPED: no " + POET);
  }

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  private byte[] logits(String... more) throws IOException {
    Path out = home.resolve("logits.f32");
    String[] all = {"logits", MODEL, "--ids", "1,30,52,29", "--out", out.toString()};
    String[] arguments = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, arguments, all.length, more.length);
    var result = run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return Files.readAllBytes(out);
  }

  private static float first(byte[] logits) {
    return ByteBuffer.wrap(logits).order(ByteOrder.LITTLE_ENDIAN).getFloat();
  }

  @Test
  void logitsAreThoseOfTheModelWithTheAdapter() throws IOException {
    byte[] alone = logits();
    byte[] poet = logits("--adapter", POET);
    assertNotEquals(first(alone), first(poet));
    assertArrayEquals(alone, logits("--adapter", POET, "--adapter-scale", "0"));
    assertArrayEquals(poet, logits("--adapter", POET, "--adapter-scale", "1"));
  }

  @Test
  void textIsThatOfTheModelWithTheAdapter() {
    String[] asked = {"run", MODEL, "-p", "the boat", "--raw", "-n", "12", "--temperature", "0"};
    String[] adapted = Arrays.copyOf(asked, asked.length + 2);
    adapted[asked.length] = "--adapter";
    adapted[asked.length + 1] = POET;
    var alone = run(asked);
    var poet = run(adapted);
    assertEquals(0, poet.exitCode(), poet.err());
    assertNotEquals(alone.out(), poet.out());
  }

  @Test
  void inspectSaysWhatAnAdapterChangesAndTakes() {
    var alone = run("inspect", MODEL, "--json").object();
    var result = run("inspect", MODEL, "--adapter", POET, "--json");
    assertEquals(0, result.exitCode(), result.err());
    var adapter = CliRunner.asObject(result.object().get("adapter"));
    assertEquals(15L, adapter.get("matrices"));
    assertEquals(4L, adapter.get("rank"));
    assertEquals(1.0, adapter.get("scale"));
    long bytes = 4 * (long) adapter.get("parameters");
    long more =
        (long) result.object().get("memory_estimate_bytes")
            - (long) alone.get("memory_estimate_bytes");
    assertTrue(more >= bytes, more + " for " + bytes);
    var shown = run("inspect", MODEL, "--adapter", POET);
    assertTrue(shown.out().contains("matrices 15, rank 4"), shown.out());
  }

  @Test
  void inspectSaysWhyAnAdapterDoesNotFit() {
    String joiner = REFERENCES.resolve("adapters/joiner/joiner.gguf").toString();
    var fields = run("inspect", MODEL, "--adapter", joiner, "--json").object();
    assertEquals(false, fields.get("can_run"));
    assertTrue(fields.get("reason").toString().contains("glm4"), fields.toString());
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingIsLoaded() {
    var alone = run("run", MODEL, "-p", "a", "--adapter-scale", "2");
    assertEquals(2, alone.exitCode());
    assertTrue(alone.err().contains("--adapter-scale needs --adapter"), alone.err());
    var missing = run("run", MODEL, "-p", "a", "--adapter", "nowhere.gguf");
    assertEquals(1, missing.exitCode());
    assertTrue(missing.err().contains("nowhere.gguf"), missing.err());
    var model = run("run", MODEL, "-p", "a", "--adapter", MODEL);
    assertEquals(1, model.exitCode());
    assertTrue(model.err().contains("no adapter"), model.err());
    var asModel = run("run", POET, "-p", "a");
    assertEquals(1, asModel.exitCode());
    assertTrue(asModel.err().contains("--adapter"), asModel.err());
  }
}
