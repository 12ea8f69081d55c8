package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.server.State;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.OpenAccounts;
import io.solebox.server.accounts.Role;
import io.solebox.server.box.BoxKey;
import io.solebox.server.seal.Passphrase;
import io.solebox.storage.Leadership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A box moves to another one as one encrypted file. */
@Timeout(120)
class BoxBackupTest {
  /** Of a key that is written nowhere else; {@link #PUBLIC} is its public half. */
  private static final String SECRET =
      "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

  private static final String PUBLIC =
      "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

  @TempDir private Path folder;
  private Path old;
  private Path fresh;
  private Path identity;
  private Path backup;

  @BeforeEach
  void make() throws Exception {
    old = Files.createDirectory(folder.resolve("old"));
    fresh = folder.resolve("fresh");
    backup = folder.resolve("box.age");
    identity = Files.writeString(folder.resolve("identity"), SECRET + "\n");
    State.open(old.resolve("server/server.db"), Passphrase.NONE).close();
    add(old, "anna");
    BoxKey.in(old.resolve("server"));
    Files.writeString(old.resolve("air-gap"), "if-possible\n");
    Files.writeString(old.resolve("hardware.properties"), "plug.url = http://192.0.2.7\n");
    Files.createDirectory(old.resolve("models"));
    Files.write(old.resolve("models/own.gguf"), new byte[70_000]);
  }

  private static void add(Path home, String name) throws InterruptedException {
    try (OpenAccounts open = OpenAccounts.in(home.resolve("server"))) {
      open.accounts()
          .add("test", NewUser.active(name, Role.ADMIN, Optional.empty()), Optional.empty());
    }
  }

  private static boolean knows(Path home, String name) {
    try (OpenAccounts open = OpenAccounts.in(home.resolve("server"))) {
      return open.accounts().store().byName(name).isPresent();
    }
  }

  private static CliRunner.Result run(Path home, String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  private void write(String... more) {
    String[] arguments =
        Stream.concat(
                Stream.of("backup", backup.toString(), "--recipient", PUBLIC), Arrays.stream(more))
            .toArray(String[]::new);
    CliRunner.Result written = run(old, arguments);
    assertEquals(0, written.exitCode(), written::err);
  }

  private CliRunner.Result restore(Path home, String... more) {
    return run(
        home,
        Stream.concat(
                Stream.of("restore", backup.toString(), "--identity", identity.toString()),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  /** All files below a folder that stay when nothing happens, with their sizes. */
  private static Map<String, Long> tree(Path home) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        String name = home.relativize(each).toString();
        if (!name.endsWith(".lock") && !name.contains("sqlite-") && !name.contains(".db-")) {
          files.put(name, Files.size(each));
        }
      }
    }
    return files;
  }

  @Test
  void aNewBoxIsTheOldOne() throws Exception {
    write();
    CliRunner.Result restored = restore(fresh, "--json");
    assertEquals(0, restored.exitCode(), restored::err);
    assertTrue(restored.out().contains("\"before\":null"), restored::out);
    assertTrue(knows(fresh, "anna"));
    assertEquals(
        BoxKey.in(old.resolve("server")).fingerprint(),
        BoxKey.in(fresh.resolve("server")).fingerprint());
    for (String name : List.of("server/box.key", "air-gap", "hardware.properties")) {
      if (Files.exists(old.resolve(name))) {
        assertArrayEquals(
            Files.readAllBytes(old.resolve(name)), Files.readAllBytes(fresh.resolve(name)), name);
      }
    }
    assertFalse(Files.exists(fresh.resolve("models/own.gguf")));
    assertTrue(restored.out().contains("own.gguf"), restored::out);
    assertFalse(Files.exists(fresh.resolve("restoring")));
    assertTrue(Files.exists(old.resolve("backup.json")), "when the last one was written");
  }

  @Test
  void modelsComeAlongWhereTheyAreWanted() throws Exception {
    write("--with-models");
    CliRunner.Result restored = restore(fresh);
    assertEquals(0, restored.exitCode(), restored::err);
    assertEquals(70_000, Files.size(fresh.resolve("models/own.gguf")));
    assertFalse(restored.out().contains("missing"), restored::out);
  }

  @Test
  void whatIsThereIsReplacedOnlyWhenSaid() throws Exception {
    write();
    add(old, "bert");
    CliRunner.Result refused = restore(old);
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("--replace"), refused::err);
    assertTrue(knows(old, "bert"));
    CliRunner.Result replaced = restore(old, "--replace");
    assertEquals(0, replaced.exitCode(), replaced::err);
    assertTrue(replaced.out().contains("what was there before is in"), replaced::out);
    assertFalse(knows(old, "bert"));
    assertTrue(knows(old, "anna"));
    try (Stream<Path> all = Files.list(old)) {
      Path before =
          all.filter(each -> each.getFileName().toString().startsWith("before-restore-"))
              .findFirst()
              .orElseThrow();
      assertTrue(knows(before, "bert"));
    }
  }

  /** Wherever it breaks off, and whatever was changed: a clear error, and nothing has happened. */
  @Test
  void whatCannotBeReadChangesNothing() throws Exception {
    write();
    byte[] whole = Files.readAllBytes(backup);
    run(fresh, "state", "check"); // nothing is there
    add(fresh, "carl");
    Map<String, Long> before = tree(fresh);
    for (int length : List.of(0, 20, 300, whole.length / 2, whole.length - 1)) {
      refuse(Arrays.copyOf(whole, length), "at " + length, before);
    }
    byte[] changed = whole.clone();
    changed[whole.length / 2] ^= 1;
    refuse(changed, "changed", before);
    refuse(
        "no backup".repeat(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "text",
        before);
    assertTrue(knows(fresh, "carl"));
  }

  private void refuse(byte[] file, String what, Map<String, Long> before) throws IOException {
    Files.write(backup, file);
    CliRunner.Result refused = restore(fresh, "--replace");
    assertEquals(1, refused.exitCode(), what);
    assertTrue(refused.err().contains("[bad_bundle]"), () -> what + ": " + refused.err());
    assertEquals(before, tree(fresh), what);
  }

  @Test
  void aWrongPassphraseIsSaid() throws Exception {
    Path right = Files.writeString(folder.resolve("right"), "correct horse\n");
    Path wrong = Files.writeString(folder.resolve("wrong"), "battery staple\n");
    CliRunner.Result written =
        run(old, "backup", backup.toString(), "--passphrase-file", right.toString());
    assertEquals(0, written.exitCode(), written::err);
    CliRunner.Result refused =
        run(fresh, "restore", backup.toString(), "--passphrase-file", wrong.toString());
    assertEquals(1, refused.exitCode());
    assertTrue(refused.err().contains("not its passphrase"), refused::err);
    CliRunner.Result restored =
        run(fresh, "restore", backup.toString(), "--passphrase-file", right.toString());
    assertEquals(0, restored.exitCode(), restored::err);
    assertTrue(knows(fresh, "anna"));
    assertEquals(1, run(old, "backup", folder.resolve("b").toString()).exitCode(), "nobody to ask");
  }

  @Test
  void noServerMayRun() throws Exception {
    write();
    try (Leadership server = new Leadership(old.resolve("server/server.db.lock"))) {
      assertTrue(server.isOurs());
      CliRunner.Result refused = restore(old, "--replace");
      assertEquals(1, refused.exitCode());
      assertTrue(refused.err().contains("A server uses it"), refused::err);
    }
  }

  /** Somebody who has the key needs no Solebox to get at what is theirs. */
  @Test
  void theProgramsAgeAndTarOpenIt() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/age")), "the program age is not installed");
    write("--with-models");
    Path out = Files.createDirectory(folder.resolve("by-hand"));
    Process age =
        new ProcessBuilder(
                "sh",
                "-c",
                "age -d -i \"$1\" \"$2\" | tar -x -C \"$3\"",
                "sh",
                identity.toString(),
                backup.toString(),
                out.toString())
            .inheritIO()
            .start();
    assertTrue(age.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, age.exitValue());
    assertTrue(Files.readString(out.resolve("solebox-backup.json")).contains("own.gguf"));
    assertEquals(70_000, Files.size(out.resolve("models/1")));
    assertTrue(Files.size(out.resolve("server/server.db")) > 0);
  }
}
