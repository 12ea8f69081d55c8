package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.State;
import io.solebox.server.seal.BoxLock;
import io.solebox.server.seal.Passphrase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateCommandTest {
  @TempDir private Path home;
  private Path server;

  @BeforeEach
  void make() {
    server = home.resolve("server");
    State.open(server.resolve("server.db"), Passphrase.NONE).close();
  }

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  @Test
  void aBackupIsWrittenLookedOverAndRestored() throws IOException {
    Path backup = home.resolve("backup");
    assertEquals(0, run("state", "backup", backup.toString()).exitCode());
    assertTrue(Files.size(backup) > 0);
    CliRunner.Result again = run("state", "backup", backup.toString());
    assertEquals(1, again.exitCode());
    assertTrue(again.err().contains("there already"), again::err);
    CliRunner.Result check = run("state", "check", "--json");
    assertEquals(0, check.exitCode());
    assertTrue(check.out().contains("\"damages\":[]"), check::out);
    CliRunner.Result restored = run("state", "restore", backup.toString());
    assertEquals(0, restored.exitCode(), restored::err);
    assertTrue(restored.out().contains("what was there before is in"), restored::out);
    assertEquals(0, run("state", "check").exitCode());
  }

  @Test
  void whatIsDamagedIsTold() throws IOException {
    Path file = server.resolve("server.db");
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 8192; at < bytes.length; at += 4096) {
      bytes[at] ^= 0x5a;
    }
    Files.write(file, bytes);
    CliRunner.Result check = run("state", "check");
    assertEquals(1, check.exitCode());
    assertTrue((check.out() + check.err()).contains("solebox state restore"), check::out);
  }

  @Test
  void aPassphraseIsSetAndCleared() throws IOException {
    Path one = Files.writeString(home.resolve("one"), "correct horse\n");
    Path other = Files.writeString(home.resolve("other"), "battery staple\n");
    assertEquals(
        0, run("state", "passphrase", "set", "--new-passphrase-file", one.toString()).exitCode());
    assertTrue(BoxLock.isLocked(server));
    CliRunner.Result wrong =
        run("state", "passphrase", "clear", "--state-passphrase-file", other.toString());
    assertEquals(1, wrong.exitCode());
    assertTrue(wrong.err().contains("not the passphrase"), wrong::err);
    assertTrue(BoxLock.isLocked(server));
    assertEquals(
        0,
        run("state", "passphrase", "clear", "--state-passphrase-file", one.toString()).exitCode());
    assertTrue(!BoxLock.isLocked(server));
    assertEquals(1, run("state", "passphrase", "set").exitCode(), "there is nobody to ask");
  }
}
