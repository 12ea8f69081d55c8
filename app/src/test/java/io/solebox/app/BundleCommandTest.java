package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.store.blob.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox bundle ...}: from a machine with models to a box without a network. */
class BundleCommandTest {
  @TempDir private static Path maker;
  private static CliRunner here;
  private static Path model;
  private static Path pem;

  @TempDir private Path home;
  private CliRunner box;
  private Path file;

  @BeforeAll
  static void makeModel() throws IOException {
    here = new CliRunner(maker);
    model = Path.of(here.synth(maker, "tiny", "F32"));
    ok(here, "models", "import", model.toString(), "--name", "mine");
    ok(here, "keys", "make", "acme");
    pem =
        Files.writeString(
            maker.resolve("acme.pub"), ok(here, "keys", "show", "acme", "--pem").out());
  }

  @BeforeEach
  void makeBox() {
    box = new CliRunner(home).with("SOLEBOX_OFFLINE", "1");
    file = home.resolve("a.bundle");
  }

  private static CliRunner.Result ok(CliRunner cli, String... arguments) {
    var result = cli.run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private static String refusal(ErrorCode code, CliRunner cli, String... arguments) {
    var result = cli.run(arguments);
    assertEquals(1, result.exitCode(), result.out());
    assertTrue(result.err().contains("[" + code.wireName() + "]"), result.err());
    return result.err();
  }

  private void trust() {
    ok(box, "keys", "trust", pem.toString());
  }

  @Test
  void aModelOfTheStoreTravels() {
    var made = ok(here, "bundle", "make", "mine", "--out", file.toString(), "--json").object();
    assertEquals(List.of("mine"), made.get("items"));
    String claim = ok(box, "bundle", "inspect", file.toString()).out();
    assertTrue(claim.startsWith("NOBODY WHOM THIS MACHINE TRUSTS"), claim);
    assertEquals(
        false, ok(box, "bundle", "inspect", file.toString(), "--json").object().get("trusted"));
    refusal(ErrorCode.UNTRUSTED, box, "bundle", "import", file.toString());
    trust();
    var inspected = ok(box, "bundle", "inspect", file.toString(), "--json").object();
    assertEquals("acme", inspected.get("signed_by"));
    assertEquals(made.get("bundle"), inspected.get("bundle"));
    assertFalse(inspected.toString().contains(maker.toString()), inspected.toString());
    var imported = ok(box, "bundle", "import", file.toString(), "--json").object();
    assertEquals("acme", imported.get("signed_by"));
    ok(box, "tokenize", "mine", "-p", "hello");
    assertEquals("store", ok(box, "models", "ls", "--json").rows().getFirst().get("source"));
    ok(box, "models", "verify");
  }

  @Test
  void aFileThatNobodyImportedTravelsToo() throws IOException {
    Path plain = Files.createDirectories(maker.resolve("models")).resolve("plain.gguf");
    Files.copy(model, plain);
    ok(here, "bundle", "make", "plain", "--out", file.toString());
    trust();
    String said = ok(box, "bundle", "import", file.toString()).out();
    assertTrue(said.contains("'solebox run plain'"), said);
    ok(box, "tokenize", "plain", "-p", "hello");
  }

  @Test
  void aModelOfAnotherProgramTravelsUnderItsName() throws IOException {
    Path ollama = maker.resolve(".ollama/models");
    String digest = Digest.of(Files.readAllBytes(model)).toString();
    Path blob = ollama.resolve("blobs/" + digest.replace(':', '-'));
    Files.createDirectories(blob.getParent());
    Files.copy(model, blob);
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
    ok(here, "bundle", "make", "little", "--out", file.toString());
    trust();
    ok(box, "bundle", "import", file.toString());
    String shown = ok(box, "models", "show", "little:1b").out();
    assertTrue(shown.contains("little-1b.gguf"), shown);
  }

  @Test
  void aCopyIsCheckedWithoutAStore() throws IOException {
    ok(here, "bundle", "make", "mine", "--out", file.toString());
    var checked = ok(box, "bundle", "inspect", file.toString(), "--check", "--json").object();
    assertEquals(true, checked.get("checked"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    ok(box, "bundle", "inspect", file.toString());
    refusal(ErrorCode.BAD_BUNDLE, box, "bundle", "inspect", file.toString(), "--check");
    assertFalse(Files.exists(home.resolve("store")), "nothing was written");
  }

  @Test
  void piecesAndDifferences() throws IOException {
    trust();
    var made =
        ok(here, "bundle", "make", "mine", "--split", "64K", "--out", file.toString(), "--json")
            .object();
    var pieces = (List<?>) made.get("files");
    assertTrue(pieces.size() > 1, pieces.toString());
    Path second = Path.of((String) pieces.get(1));
    Files.move(second, home.resolve("away"));
    String refused =
        refusal(ErrorCode.BAD_BUNDLE, box, "bundle", "import", (String) pieces.getFirst());
    assertTrue(refused.contains("missing: 2"), refused);
    Files.move(home.resolve("away"), second);
    ok(box, "bundle", "import", (String) pieces.getFirst());
    Path list = home.resolve("list");
    ok(box, "bundle", "list", "--out", list.toString());
    assertEquals(Files.readString(list).strip(), ok(box, "bundle", "list").out().strip());
    Path difference = home.resolve("difference");
    var small =
        ok(
                here,
                "bundle",
                "make",
                "mine",
                "--since",
                list.toString(),
                "--out",
                difference.toString(),
                "--json")
            .object();
    assertEquals(2, ((List<?>) small.get("omitted")).size());
    ok(box, "bundle", "import", difference.toString());
    CliRunner other = new CliRunner(Files.createDirectory(home.resolve("other")));
    ok(other, "keys", "trust", pem.toString());
    String lacks = refusal(ErrorCode.BAD_BUNDLE, other, "bundle", "import", difference.toString());
    assertTrue(lacks.contains("tiny-F32.gguf"), lacks);
    String shown = ok(other, "bundle", "inspect", difference.toString()).out();
    assertTrue(shown.contains("AND NOT HERE"), shown);
    Map<String, Object> since =
        ok(
                here,
                "bundle",
                "make",
                "mine",
                "--since",
                difference.toString(),
                "--out",
                difference.toString(),
                "--force",
                "--json")
            .object();
    assertEquals(small.get("omitted"), since.get("omitted"));
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    refusal(
        ErrorCode.INVALID_PARAMETER,
        box,
        "bundle",
        "make",
        model.toString(),
        "--out",
        file.toString());
    refusal(ErrorCode.MODEL_NOT_FOUND, here, "bundle", "make", "none", "--out", file.toString());
    refusal(ErrorCode.BAD_BUNDLE, box, "bundle", "import", model.toString());
    refusal(ErrorCode.INVALID_PARAMETER, box, "bundle", "import", file.toString());
    refusal(
        ErrorCode.INVALID_PARAMETER,
        here,
        "bundle",
        "make",
        "mine",
        "mine",
        "--out",
        file.toString());
    assertEquals(2, here.run("bundle", "make", "--out", file.toString()).exitCode());
    assertEquals(
        2, here.run("bundle", "make", "mine", "--split", "x", "--out", file.toString()).exitCode());
    Path list = Files.writeString(home.resolve("list"), "{}");
    refusal(
        ErrorCode.INVALID_PARAMETER,
        here,
        "bundle",
        "make",
        "mine",
        "--since",
        list.toString(),
        "--out",
        file.toString());
    assertFalse(Files.exists(file));
  }
}
