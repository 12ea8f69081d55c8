package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import io.solebox.server.State;
import io.solebox.server.seal.BoxLock;
import io.solebox.server.seal.Passphrase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  /** It has what was said before; to be restored it takes a server that has ended. */
  @Test
  void aBackupIsWrittenWhileAServerRuns() throws Exception {
    Path backup = home.resolve("backup");
    String chat;
    try (RunningServer running = new RunningServer()) {
      chat = running.send("POST", "/chats", "{\"title\":\"kept\"}");
      assertTrue(chat.contains("\"title\":\"kept\""), chat);
      CliRunner.Result written = run("state", "backup", backup.toString(), "--json");
      assertEquals(0, written.exitCode(), written::err);
      running.send("POST", "/chats", "{\"title\":\"of later\"}");
      CliRunner.Result refused = run("state", "restore", backup.toString());
      assertEquals(1, refused.exitCode());
      assertTrue(refused.err().contains("A server uses it"), refused::err);
    }
    assertEquals(0, run("state", "restore", backup.toString()).exitCode());
    try (RunningServer running = new RunningServer()) {
      String all = running.send("GET", "/chats", "");
      assertTrue(all.contains("\"kept\"") && !all.contains("of later"), all);
    }
  }

  /** Over the state, without models. */
  private final class RunningServer implements AutoCloseable {
    private final Engine engine = Engine.open("cpu", 1);
    private final ModelHost host =
        new ModelHost(engine, Catalog.of(List.of()), LoadGate.OPEN, new LoadWatcher() {});
    private final SoleboxServer running =
        SoleboxServer.start(
            ServerConfig.defaults().withPort(0).withStateFile(server.resolve("server.db")), host);

    private String send(String method, String path, String body) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.port() + path))
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      try (HttpClient client = HttpClient.newHttpClient()) {
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      }
    }

    @Override
    public void close() {
      running.close();
      host.close();
      engine.close();
    }
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
