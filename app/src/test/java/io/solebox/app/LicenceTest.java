package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.testkit.hub.FakeHub;
import io.solebox.testkit.hub.FakeRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** Terms that a source wants accepted. */
@Timeout(60)
class LicenceTest {
  private static final String TERMS = "io.solebox.accepted-terms";

  @TempDir static Path models;
  private static FakeHub hub;
  private static FakeRegistry registry;
  private static byte[] machine;

  @TempDir Path home;
  private CliRunner cli;

  @BeforeAll
  static void publish() throws IOException {
    var maker = new CliRunner(models);
    byte[] model = Files.readAllBytes(Path.of(maker.synth(models, "tiny", "Q8_0")));
    var files = Map.of("m-Q8_0.gguf", model, "m-Q4_0.gguf", model);
    hub =
        new FakeHub()
            .commit("u/open", "main", "a".repeat(40), files)
            .commit("u/gated", "main", "b".repeat(40), files)
            .prompt("u/gated", "Do no harm.");
    registry = new FakeRegistry();
    registry.publish(
        "library/m",
        "latest",
        "{}",
        List.of(
            new FakeRegistry.Layer("application/vnd.ollama.image.model", model),
            new FakeRegistry.Layer(
                "application/vnd.ollama.image.license",
                "HARD COMMUNITY LICENSE\n\nAnd more.".getBytes(StandardCharsets.UTF_8))));
    var first = maker.with("HF_ENDPOINT", hub.uri().toString());
    assertEquals(0, first.run("pull", "hf.co/u/open", "--dry-run").exitCode());
    machine = Files.readAllBytes(models.resolve("machine.json"));
  }

  @AfterAll
  static void close() {
    hub.close();
    registry.close();
  }

  @BeforeEach
  void open() throws IOException {
    Files.write(home.resolve("machine.json"), machine);
    cli = new CliRunner(home).with("HF_ENDPOINT", hub.uri().toString());
  }

  @Test
  void fetchesNothingWhereNobodyCanBeAsked() {
    var refused = cli.run("pull", "hf.co/u/gated:Q8_0");
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("[access_denied]"), refused.err());
    assertTrue(refused.err().contains(hub.uri() + "/u/gated"), refused.err());
    assertTrue(refused.err().contains("--accept-licence"), refused.err());
    assertFalse(Files.exists(home.resolve("store")));
    var plan = cli.run("pull", "hf.co/u/gated:Q8_0", "--dry-run", "--json").object();
    var terms = CliRunner.asObject(plan.get("terms"));
    assertEquals("Do no harm.", terms.get("text"));
    assertEquals(false, terms.get("accepted"));
  }

  @Test
  void keepsWhatWasAcceptedAndAsksForTheSameTextOnce() {
    assertEquals(0, cli.run("pull", "hf.co/u/gated:Q8_0", "--accept-licence").exitCode());
    var kept = cli.run("models", "show", "u/gated:Q8_0", "--json").object();
    var said = CliRunner.asObject(kept.get("annotations"));
    assertTrue(said.get(TERMS + "-place").toString().startsWith("strict, "), said.toString());
    assertTrue(said.get(TERMS + "-at").toString().endsWith("Z"), said.toString());
    var other = cli.run("pull", "hf.co/u/gated:Q4_0");
    assertEquals(0, other.exitCode(), other.err());
    assertTrue(other.out().contains("accepted: " + said.get(TERMS + "-at")), other.out());
    assertEquals(0, cli.run("pull", "hf.co/u/gated:Q8_0").exitCode());
    var again = cli.run("models", "show", "u/gated:Q8_0", "--json").object();
    assertEquals(kept.get("digest"), again.get("digest"));
  }

  @Test
  void showsTheTextAndAsksAtATerminal() {
    var no = cli.atTerminal().stdin("\n").run("pull", "hf.co/u/gated:Q8_0");
    assertEquals(1, no.exitCode());
    assertTrue(no.out().contains("Do no harm.\n"), no.out());
    assertTrue(no.err().contains("not accepted"), no.err());
    var yes = cli.atTerminal().stdin("Y\n").run("pull", "hf.co/u/gated:Q8_0");
    assertEquals(0, yes.exitCode(), yes.err());
  }

  @Test
  void asksForTextsOfRegistriesToo() {
    String name = registry.host() + "/library/m";
    var refused = cli.run("pull", name, "--insecure");
    assertTrue(refused.err().contains("HARD COMMUNITY LICENSE"), refused.err());
    assertTrue(refused.err().contains("/v2/library/m/blobs/sha256:"), refused.err());
    assertEquals(0, cli.run("pull", name, "--insecure", "--accept-licence").exitCode());
  }

  @Test
  void asksNothingWhereTheSourceDoesNot() {
    assertEquals(0, cli.run("pull", "hf.co/u/open:Q8_0").exitCode());
  }
}
