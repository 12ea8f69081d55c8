package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.Json;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a name to a model that runs, as a person does it. */
@Timeout(120)
class PullCommandTest {
  private static final String COMMIT = "c".repeat(40);

  @TempDir static Path models;
  private static FakeHub hub;
  private static byte[] model;
  private static byte[] machine;

  @TempDir Path home;
  private CliRunner cli;

  @BeforeAll
  static void publish() throws IOException {
    model = Files.readAllBytes(Path.of(new CliRunner(models).synth(models, "tiny", "Q8_0")));
    hub =
        new FakeHub()
            .commit("u/r", "main", COMMIT, Map.of("m-Q4_K_M.gguf", model, "m-Q2_K.gguf", model))
            .commit("u/one", "main", COMMIT, Map.of("m-Q8_0.gguf", model))
            .commit(
                "bartowski/SmolLM2-135M-Instruct-GGUF",
                "main",
                COMMIT,
                Map.of("m-Q4_K_M.gguf", model, "m-Q2_K.gguf", model))
            .commit("u/page", "main", COMMIT, Map.of("m.gguf", "<!DOCTYPE html>".getBytes()));
    var first = new CliRunner(models).with("HF_ENDPOINT", hub.uri().toString());
    assertEquals(0, first.run("pull", "hf.co/u/one", "--dry-run").exitCode());
    machine = Files.readAllBytes(models.resolve("machine.json")); // what took a second to measure
  }

  @AfterAll
  static void close() {
    hub.close();
  }

  @BeforeEach
  void open() throws IOException {
    Files.write(home.resolve("machine.json"), machine);
    cli = new CliRunner(home).with("HF_ENDPOINT", hub.uri().toString());
  }

  @Test
  void pullsAndRunsByName() {
    var pulled = cli.run("pull", "hf.co/u/r:Q4_K_M");
    assertEquals(0, pulled.exitCode(), pulled.err());
    assertTrue(pulled.out().contains("\npulled: u/r:Q4_K_M\n"), pulled.out());
    assertTrue(pulled.out().contains("fits"), pulled.out());
    var ran = cli.run("run", "u/r:Q4_K_M", "-p", "Hello", "-n", "2", "--device", "cpu");
    assertEquals(0, ran.exitCode(), ran.err());
    var again = cli.run("pull", "hf.co/u/r:q4_k_m");
    assertTrue(again.out().contains("to fetch: nothing"), again.out());
  }

  @Test
  void saysBeforehandWhatItWouldFetch() {
    var plan = cli.run("pull", "u/r", "--dry-run", "--json");
    assertEquals(0, plan.exitCode(), plan.err());
    List<String> lines = plan.out().lines().toList();
    var note = CliRunner.asObject(CliRunner.json(lines.getFirst()));
    assertTrue(String.valueOf(note.get("text")).contains("Ollama's"), plan.out());
    var fields = CliRunner.asObject(CliRunner.json(lines.getLast()));
    assertEquals("plan", fields.get("event"));
    assertEquals("Q4_K_M", fields.get("quantization"));
    assertEquals((long) model.length, fields.get("missing_bytes"));
    assertEquals(true, fields.get("fits"));
    assertEquals("llama", fields.get("architecture"));
    assertFalse(Files.exists(home.resolve("store")));
  }

  @Test
  void expectsTokensPerSecondOfEachFileByTheSpeedOfTheMemory() throws IOException {
    var plan = plan("pull", "hf.co/u/r:Q4_K_M", "--dry-run", "--json");
    double tokens = (double) plan.get("estimated_tokens_per_second");
    var other = CliRunner.asObject(((List<?>) plan.get("alternatives")).getFirst());
    assertEquals("Q2_K", other.get("variant"));
    assertEquals(true, other.get("fits"));
    assertEquals("much worse", other.get("quality"));
    assertEquals(tokens, (double) other.get("estimated_tokens_per_second"), tokens * 1e-9);
    var known = CliRunner.asObject(CliRunner.json(new String(machine)));
    String name = known.keySet().iterator().next();
    double twice = 2 * (double) known.get(name);
    Files.writeString(home.resolve("machine.json"), Json.text(Map.of(name, twice)));
    var faster = plan("pull", "hf.co/u/r:Q4_K_M", "--dry-run", "--json");
    assertEquals(2 * tokens, (double) faster.get("estimated_tokens_per_second"), tokens * 1e-9);
    String text = cli.run("pull", "hf.co/u/r:Q4_K_M", "--dry-run").out();
    assertTrue(text.contains("tokens/s, estimated"), text);
    assertTrue(text.matches("(?s).*\n  Q2_K  .*fits +about [0-9.]+ +much worse\n.*"), text);
  }

  private Map<String, Object> plan(String... arguments) {
    var planned = cli.run(arguments);
    assertEquals(0, planned.exitCode(), planned.err());
    return CliRunner.asObject(CliRunner.json(planned.out().lines().toList().getLast()));
  }

  @Test
  void takesNamesOfTheCatalogueAndSaysWhatTheyMean() {
    var plan = cli.run("pull", "smollm2-135m", "--dry-run");
    assertEquals(0, plan.exitCode(), plan.err());
    assertTrue(plan.err().contains("hf.co/bartowski/SmolLM2-135M-Instruct-GGUF"), plan.err());
    assertTrue(plan.err().contains("smollm2-135m:latest"), plan.err());
    assertEquals(
        "bartowski/SmolLM2-135M-Instruct-GGUF:Q2_K",
        plan("pull", "catalogue:smollm2-135m:q2_k", "--dry-run", "--json").get("model"));
    var unknown = cli.run("pull", "catalogue:smollm2-136m");
    assertTrue(unknown.err().contains("Names like it: smollm2-135m"), unknown.err());
  }

  @Test
  void tellsHowItGoesInLinesOfJson() {
    var pulled = cli.run("pull", "hf.co/u/r:Q2_K", "--json");
    assertEquals(0, pulled.exitCode(), pulled.err());
    assertTrue(pulled.out().contains("{\"event\":\"progress\""), pulled.out());
    var done = CliRunner.asObject(CliRunner.json(pulled.out().lines().toList().getLast()));
    assertEquals("done", done.get("event"));
    assertEquals("u/r:Q2_K", done.get("model"));
  }

  @Test
  void showsWhatThereIsWhereTheNameIsNotExact() {
    var refused = cli.run("pull", "hf.co/u/r:Q4_K");
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("There are: "), refused.err());
    assertTrue(refused.err().contains("Q4_K_M ("), refused.err());
  }

  @Test
  void refusesWhatIsNoModelBeforeItIsFetched() {
    var refused = cli.run("pull", "hf.co/u/page");
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("[bad_model_file]"), refused.err());
    assertFalse(Files.exists(home.resolve("store")));
  }

  @Test
  void opensNoConnectionWhenOffline() {
    int before = hub.hub.requests().size();
    for (var offline :
        List.of(
            cli.run("pull", "hf.co/u/r", "--offline"),
            cli.with("SOLEBOX_OFFLINE", "1").run("pull", "hf.co/u/r"))) {
      assertEquals(1, offline.exitCode());
      assertTrue(offline.err().contains("[offline]"), offline.err());
    }
    assertEquals(before, hub.hub.requests().size());
  }

  @Test
  void keepsTokensToItself() {
    hub.hub.fault(1, r -> true, a -> FakeAnswer.status(401));
    var refused = cli.with("HF_TOKEN", "hf_verysecret").run("pull", "hf.co/u/r", "--json");
    assertEquals(1, refused.exitCode());
    assertFalse((refused.out() + refused.err()).contains("hf_verysecret"));
  }

  @Test
  void refusesWrongOptions() {
    assertEquals(2, cli.run("pull", "u/r", "--limit", "fast").exitCode());
    assertEquals(2, cli.run("pull", "u/r", "--connections", "0").exitCode());
    assertEquals(1, cli.run("pull", "u/r", "--between", "late").exitCode());
    var local = cli.run("pull", "./m.gguf");
    assertTrue(local.err().contains("models import"), local.err());
  }
}
