package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.serve.SharingServer;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the store of one machine into that of another. */
@Timeout(120)
class ShareTest {
  private static final String KEY = "k".repeat(40);

  @TempDir static Path there;
  @TempDir Path here;

  @BeforeAll
  static void importModels() {
    var cli = new CliRunner(there);
    String made = cli.synth(there, "tiny", "Q8_0");
    assertEquals(0, cli.run("models", "import", made, "--name", "me/m:Q8_0").exitCode());
  }

  private static Manifest manifest(Path home) {
    return ModelStore.open(home.resolve("store"))
        .current(ModelName.parse("me/m:Q8_0"))
        .orElseThrow()
        .manifest();
  }

  private static List<Descriptor> blobs(Path home) {
    return manifest(home).layers().stream()
        .map(l -> new Descriptor(l.mediaType(), l.digest(), l.size()))
        .toList();
  }

  @Test
  void aModelComesUnderItsNameWithTheSameDigests() {
    try (var server = new SharingServer(there, Optional.empty())) {
      var cli = new CliRunner(here);
      String name = "solebox://" + server.address() + "/me/m:Q8_0";
      var pulled = cli.run("pull", name);
      assertEquals(0, pulled.exitCode(), pulled.err());
      assertEquals(blobs(there), blobs(here));
      assertEquals(
          manifest(there).travelling().digest().toString(),
          manifest(here).annotations().get(Annotations.REVISION));
      assertTrue(manifest(there).annotations().containsKey(Annotations.IMPORTED_FROM));
      assertFalse(manifest(here).annotations().toString().contains(there.toString()));
      assertEquals(0, cli.run("tokenize", "me/m:Q8_0", "-p", "hello").exitCode());
      assertTrue(cli.run("pull", name).out().contains("to fetch: nothing"));
      var none = cli.run("pull", "solebox://" + server.address() + "/me/other");
      assertEquals(1, none.exitCode());
      assertTrue(none.err().contains("[model_not_found]"), none.err());
    }
  }

  @Test
  void whoHasNoKeyGetsNothingAndHearsWhatHelps() throws IOException {
    Path keys = Files.writeString(here.resolve("keys"), KEY + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (var server = new SharingServer(there, Optional.of(keys))) {
      String name = "solebox://" + server.address() + "/me/m:Q8_0";
      var cli = new CliRunner(here);
      var refused = cli.run("pull", name);
      assertEquals(1, refused.exitCode());
      assertTrue(refused.err().contains("SOLEBOX_API_KEY"), refused.err());
      var pulled = cli.with("SOLEBOX_API_KEY", KEY).run("pull", name);
      assertEquals(0, pulled.exitCode(), pulled.err());
      assertEquals(blobs(there), blobs(here));
    }
  }

  @Test
  void anEncryptedOneIsTrustedByItsAuthority() throws IOException {
    Path keys = Files.writeString(here.resolve("keys"), KEY + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    Path tls = here.resolve("tls");
    try (var server = SharingServer.encrypted(there, tls, Optional.of(keys))) {
      String ca = tls.resolve("ca.pem").toString();
      var cli = new CliRunner(here).with("SOLEBOX_API_KEY", KEY);
      String name = "solebox://" + server.address() + "/me/m:Q8_0";
      var plain = cli.run("pull", name);
      assertEquals(1, plain.exitCode(), plain.err()); // it would have sent the key in the clear
      var strange = cli.run("pull", "oci://" + server.address() + "/me/m:Q8_0");
      assertEquals(1, strange.exitCode(), strange.err());
      assertTrue(strange.err().contains("--ca FILE"), strange.err());
      var pulled = cli.run("pull", name, "--ca", ca);
      assertEquals(0, pulled.exitCode(), pulled.err());
      assertEquals(blobs(there), blobs(here));
      var noCertificate = cli.run("pull", name, "--ca", keys.toString());
      assertEquals(1, noCertificate.exitCode());
      assertTrue(noCertificate.err().contains("no certificate"), noCertificate.err());
      var other = cli.run("pull", name, "--ca", here.resolve("none").toString());
      assertTrue(other.exitCode() > 0 && other.err().contains("none"), other.err());
    }
  }
}
