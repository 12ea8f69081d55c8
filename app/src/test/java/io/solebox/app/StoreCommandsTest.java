package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox models ...}, and models of the store in other commands. */
class StoreCommandsTest {
  @TempDir private static Path source;
  private static Path made;

  @TempDir private Path home;
  private CliRunner cli;
  private Path model;

  @BeforeAll
  static void makeModel() {
    made = Path.of(new CliRunner(source).synth(source, "tiny", "F32"));
  }

  @BeforeEach
  void copyModel() throws IOException {
    cli = new CliRunner(home);
    model = Files.copy(made, home.resolve("tiny-F32.gguf"));
    Files.setPosixFilePermissions(model, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private CliRunner.Result ok(String... arguments) {
    var result = cli.run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private String refusal(ErrorCode code, String... arguments) {
    var result = cli.run(arguments);
    assertEquals(1, result.exitCode(), result.out());
    assertTrue(result.err().contains("[" + code.wireName() + "]"), result.err());
    return result.err();
  }

  private List<String> names() {
    return ok("models", "ls", "--json").rows().stream()
        .map(row -> (String) row.get("name"))
        .toList();
  }

  @Test
  void whatIsImportedRunsByItsName() {
    String said = ok("models", "import", model.toString(), "--name", "mine").out();
    assertTrue(said.contains("linked " + model), said);
    assertTrue(said.contains("'solebox run mine'"), said);
    assertTrue(Files.exists(model));
    ok("run", "mine", "-p", "hello", "-n", "2");
    Map<String, Object> inspected = ok("inspect", "mine", "--json").object();
    assertEquals(true, inspected.get("can_run"));
    Map<String, Object> row = ok("models", "ls", "--json").rows().getFirst();
    assertEquals("mine", row.get("name"));
    assertEquals("store", row.get("source"));
    assertTrue(row.containsKey("last_use"), row.toString());
    Map<String, Object> shown = ok("models", "show", "MINE", "--json").object();
    assertTrue(((String) shown.get("path")).endsWith("/tiny-F32.gguf"), shown.toString());
    assertEquals(1L, shown.get("generation"));
  }

  @Test
  void theWayOfAnImportIsTheOneThatWasAskedFor() throws IOException {
    ok("models", "import", model.toString(), "--name", "a", "--copy");
    assertTrue(Files.isWritable(model));
    var moved =
        ok("models", "import", model.toString(), "--name", "b", "--move", "--json").object();
    assertFalse(Files.exists(model));
    assertTrue(moved.get("files").toString().contains("way=move"), moved.toString());
    ok("tokenize", "b", "-p", "hello");
    Path other = Files.copy(made, home.resolve("other.gguf"));
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-rw-rw-"));
    refusal(ErrorCode.INVALID_PARAMETER, "models", "import", other.toString(), "--hardlink");
    assertEquals(2, cli.run("models", "import", other.toString(), "--copy", "--move").exitCode());
    assertTrue(
        ok("models", "import", other.toString()).out().contains("copied " + other), "others write");
    assertEquals(List.of("a", "b", "other"), names());
  }

  @Test
  void whatIsRemovedIsGoneAndWhatOthersNameStays() {
    ok("models", "import", model.toString(), "--name", "a", "--copy");
    ok("models", "cp", "a", "b:second");
    long bytes = model.toFile().length();
    assertTrue(
        (long) ok("models", "rm", "a", "--json").object().get("freed_bytes") < bytes, "b has it");
    ok("tokenize", "b", "-p", "hello"); // its only tag
    assertEquals(List.of("b:second"), names());
    assertTrue((long) ok("models", "rm", "b", "--json").object().get("freed_bytes") >= bytes);
    assertEquals(List.of(), names());
    refusal(ErrorCode.MODEL_NOT_FOUND, "models", "rm", "b");
    refusal(ErrorCode.MODEL_NOT_FOUND, "run", "b", "-p", "hello");
  }

  @Test
  void whatIsPinnedOrInUseStays() {
    ok("models", "import", model.toString(), "--name", "a", "--copy");
    ok("models", "pin", "a");
    assertTrue(refusal(ErrorCode.IN_USE, "models", "rm", "a").contains("unpin a"));
    ok("models", "unpin", "a");
    ModelStore store = ModelStore.open(home.resolve("store"));
    var manifest = store.current(ModelName.parse("a")).orElseThrow().manifest();
    try (var _ = store.leases().take(manifest.digest(), "serves it")) {
      String said = refusal(ErrorCode.IN_USE, "models", "rm", "a");
      assertTrue(said.contains("which serves it"), said);
    }
    ok("models", "rm", "a");
  }

  @Test
  void aNameGoesBackToWhatItWas() {
    ok("models", "import", model.toString(), "--name", "a", "--copy");
    refusal(ErrorCode.MODEL_NOT_FOUND, "models", "rollback", "a");
    String q8 = cli.synth(home, "tiny", "Q8_0");
    ok("models", "import", q8, "--name", "a", "--copy");
    assertEquals(2L, ok("models", "show", "a", "--json").object().get("generation"));
    ok("models", "rollback", "a");
    assertEquals(1L, ok("models", "show", "a", "--json").object().get("generation"));
    ok("models", "rollback", "a", "--to", "2");
    var plan = ok("models", "prune", "--keep", "1", "--json").object();
    assertEquals(false, plan.get("removed"));
    assertTrue(plan.get("items").toString().contains("generation 1"), plan.toString());
    ok("models", "prune", "--keep", "1", "--yes");
    refusal(ErrorCode.MODEL_NOT_FOUND, "models", "rollback", "a");
  }

  @Test
  void whatIsDamagedIsFoundAndCanBeBroughtAgain() throws IOException {
    ok("models", "import", model.toString(), "--name", "a", "--copy");
    String said = ok("models", "verify").out();
    assertTrue(said.contains("all sound"), said);
    Path blob = Path.of((String) ok("models", "show", "a", "--json").object().get("path"));
    Path file = blob.toRealPath();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    var verified = cli.run("models", "verify", "a", "--discard");
    assertEquals(1, verified.exitCode());
    assertTrue(verified.out().contains("damaged: tiny-F32.gguf of a"), verified.out());
    assertTrue(cli.run("models", "verify").out().contains("missing: "), "it was taken away");
    ok("models", "import", model.toString(), "--name", "a", "--copy");
    ok("models", "verify");
  }

  @Test
  void modelsInSeveralFilesAndPlainFilesAreThereToo() throws IOException {
    Files.createDirectories(home.resolve("models"));
    Files.copy(model, home.resolve("models/plain.gguf"));
    ok("models", "import", model.toString(), "--name", "user/model:Q8", "--copy");
    assertEquals(List.of("user/model:Q8", "plain"), names());
    ok("tokenize", "user/model", "-p", "hello");
    ok("tokenize", "plain", "-p", "hello");
    String list = ok("models", "ls").out();
    assertTrue(list.startsWith("NAME"), list);
    String said = refusal(ErrorCode.MODEL_NOT_FOUND, "run", "none", "-p", "x");
    assertTrue(said.contains("plain, user/model:Q8"), said);
    var usage = ok("models", "du", "--json").object();
    assertTrue(usage.get("models").toString().contains("user/model:Q8"), usage.toString());
  }

  /** As the list of models to pull says it, and a server of its models. */
  @Test
  void aListSaysHowModelsWouldRunHereAndLoadsNone() throws IOException {
    ok("models", "import", model.toString(), "--name", "mine", "--copy");
    Files.createDirectories(home.resolve("models"));
    Files.writeString(home.resolve("models/broken.gguf"), "GGUF and no more");
    CliRunner.Result before = ok("models", "ls");
    assertTrue(before.out().lines().anyMatch(l -> l.contains("mine") && l.endsWith("fits")));
    assertTrue(before.out().lines().anyMatch(l -> l.endsWith("cannot run")), before.out());
    assertTrue(before.err().contains("is not known"), before.err());

    ok("models", "search", "qwen"); // which measures how fast the memory is
    CliRunner.Result after = ok("models", "ls");
    assertTrue(after.out().lines().anyMatch(l -> l.matches("mine .* about [\\d.]+ tok/s")));
    assertEquals("", after.err());
    Map<String, Object> row = ok("models", "ls", "--json").rows().getFirst();
    assertEquals(true, row.get("fits"));
    assertTrue((double) row.get("estimated_tokens_per_second") > 0);
    assertTrue((long) row.get("needed_bytes") > 0);

    Map<String, Object> large =
        ok("models", "ls", "--json", "--context", "100000000").rows().getFirst();
    assertEquals(false, large.get("fits"));
    assertFalse(large.containsKey("estimated_tokens_per_second"), large.toString());
    assertTrue((long) large.get("needed_bytes") > (long) large.get("free_bytes"));
  }

  @Test
  void whatOllamaKeepsRunsWhereItIsAndCanBeAdopted() throws IOException {
    Path ollama = home.resolve(".ollama/models");
    Digest digest = Digest.of(model, _ -> {});
    Path blob = ollama.resolve("blobs/sha256-" + digest.hex());
    Files.createDirectories(blob.getParent());
    Files.move(model, blob);
    Path manifest = ollama.resolve("manifests/registry.ollama.ai/library/little/1b");
    Files.createDirectories(manifest.getParent());
    Files.writeString(
        manifest,
        """
        {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
        "config":{"mediaType":"application/vnd.docker.container.image.v1+json",
        "digest":"%1$s","size":3},
        "layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"%1$s","size":%2$d}]}
        """
            .formatted(digest, Files.size(blob)));
    Map<String, Object> row = ok("models", "ls", "--json").rows().getFirst();
    assertEquals("little:1b", row.get("name"));
    assertEquals("Ollama", row.get("source"));
    ok("tokenize", "little", "-p", "hello");
    assertFalse(Files.exists(home.resolve("store")), "nothing was written");
    String said = ok("models", "adopt", "little", "--copy").out();
    assertTrue(said.contains("copied " + blob), said);
    Map<String, Object> shown = ok("models", "show", "little:1b", "--json").object();
    assertTrue(((String) shown.get("path")).endsWith("/little-1b.gguf"), shown.toString());
    assertTrue(shown.get("annotations").toString().contains("adopted-from=Ollama"));
    Files.delete(blob);
    ok("tokenize", "little", "-p", "hello");
    assertTrue(ok("models", "ls").out().contains("Ollama: missing, was at " + blob));
    refusal(ErrorCode.MODEL_NOT_FOUND, "models", "adopt", "none");
  }

  @Test
  void modelsLeaveByARuleThatSomebodyHasSetAndAreAnnouncedBefore() {
    ok("models", "import", model.toString(), "--name", "a", "--copy");
    assertTrue(ok("models", "cleanup").out().contains("Nothing leaves by itself."));
    var set = ok("models", "cleanup", "--at-most", "1K");
    assertTrue(set.out().contains("larger than 1.00 KiB"), set.out());
    assertTrue(set.err().contains("a (") && set.err().contains("pin a' keeps it"), set.err());
    ok("models", "pin", "a");
    var pinned = ok("models", "cleanup", "--json").object();
    assertEquals(List.of(), pinned.get("announced"));
    assertEquals(Map.of("most_bytes", 1024L), pinned.get("rule"));
    assertEquals(2, cli.run("models", "cleanup", "--off", "--unused", "3").exitCode());
    ok("models", "cleanup", "--off");
    assertEquals(List.of("a"), names());
  }
}
