package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.CliRunner.Result;
import io.solebox.engine.api.Engine;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AuditCommandTest {
  @TempDir private Path home;
  private CliRunner cli;

  /** A server that has started and ended twice, the second time with other settings. */
  @BeforeEach
  void serve() {
    cli = new CliRunner(home);
    Path file = home.resolve("server").resolve("server.db");
    ServerConfig config = ServerConfig.defaults().withPort(0).withStateFile(file);
    try (Engine engine = Engine.open("cpu", 1);
        ModelHost host =
            new ModelHost(engine, Catalog.of(List.of()), LoadGate.OPEN, new LoadWatcher() {})) {
      SoleboxServer.start(config, host).close();
      SoleboxServer.start(config.withUsualLimits("rpm=60"), host).close();
    }
  }

  private void tamper(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("server/server.db"));
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.executeUpdate(one);
      }
    }
  }

  @Test
  void whatWasDoneIsListed() {
    Result json = cli.run("audit", "ls", "--json");
    assertEquals(0, json.exitCode(), json.err());
    List<Map<String, Object>> entries =
        json.out().lines().map(CliRunner::json).map(CliRunner::asObject).toList();
    assertEquals(
        List.of("server.start", "server.stop", "server.start", "settings.change", "server.stop"),
        entries.stream().map(entry -> entry.get("action")).toList());
    assertEquals("limits", entries.get(3).get("subject"));
    assertEquals(
        Map.of("before", "none", "now", "rpm=60"),
        CliRunner.asObject(entries.get(3).get("details")));
    Result table = cli.run("audit", "ls", "--since", "1d");
    assertEquals(5, table.out().lines().count(), table.out());
    assertTrue(table.out().contains("now=rpm=60"), table.out());
    assertEquals("", cli.run("audit", "ls", "--since", "2999-01-01").out());
  }

  @Test
  void aWrongTimeIsRefused() {
    Result result = cli.run("audit", "ls", "--since", "yesterday");
    assertEquals(Main.WRONG_USAGE, result.exitCode());
    assertTrue(result.err().contains("write it as 2026-03-01"), result.err());
  }

  @Test
  void whatIsAsItWasWrittenIsSound() {
    Result result = cli.run("audit", "verify");
    assertEquals(0, result.exitCode(), result.err());
    assertTrue(result.out().contains("as it was written: 5 entries."), result.out());
    assertTrue(result.out().contains("signed it up to 5:"), result.out());
    Map<String, Object> json = cli.run("audit", "verify", "--json").object();
    assertEquals(true, json.get("sound"));
    assertEquals(0L, json.get("unsigned"));
    String head = (String) json.get("head");
    assertEquals(0, cli.run("audit", "verify", "--known", head).exitCode());
    Result other = cli.run("audit", "verify", "--known", head.replace("5:", "4:"));
    assertEquals(1, other.exitCode());
    assertTrue(other.out().contains("Entry 4 is not the one you know."), other.out());
    assertEquals(2, cli.run("audit", "verify", "--known", "5").exitCode());
  }

  @Test
  void whatWasChangedIsFound() throws SQLException {
    tamper("DROP TRIGGER audit_stays", "UPDATE audit SET actor = 'eve' WHERE seq = 3");
    Result result = cli.run("audit", "verify");
    assertEquals(1, result.exitCode());
    assertTrue(result.out().contains("Entry 3 was changed"), result.out());
    Map<String, Object> json = cli.run("audit", "verify", "--json").object();
    assertEquals(false, json.get("sound"));
    assertEquals(3L, json.get("first_bad"));
  }

  @Test
  void whereNothingIsKeptThereIsNoLog() {
    Path empty = home.resolve("empty");
    Result result = cli.run("audit", "verify", "--state", empty.toString());
    assertEquals(Main.FAILED, result.exitCode());
    assertTrue(result.err().contains("name its folder with --state"), result.err());
    assertFalse(empty.toFile().exists());
  }

  @Test
  void whereNothingWasUsedThereIsNoUsage() {
    assertEquals("[]\n", cli.run("usage", "--by", "user,model", "--json").out());
    assertEquals(
        "day,requests,prompt_tokens,cached_tokens,generated_tokens\n",
        cli.run("usage", "--csv").out());
    assertEquals("Nothing was used.\n", cli.run("usage", "--since", "7d").err());
    assertEquals(Main.WRONG_USAGE, cli.run("usage", "--by", "weather").exitCode());
    assertEquals(Main.WRONG_USAGE, cli.run("usage", "--csv", "--json").exitCode());
  }

  @Test
  void anExportIsVerifiedWithoutTheBox() throws Exception {
    Path file = home.resolve("audit.jsonl");
    Map<String, Object> made = cli.run("audit", "export", file.toString(), "--json").object();
    assertEquals(6L, made.get("entries")); // with that of the export
    CliRunner elsewhere = new CliRunner(home.resolve("elsewhere"));
    Result sound = elsewhere.run("audit", "verify", "--file", file.toString());
    assertEquals(0, sound.exitCode(), sound.err());
    assertTrue(sound.out().contains("signed it up to " + made.get("head")), sound.out());
    assertTrue(sound.err().contains((String) made.get("key")), sound.err());
    assertFalse(sound.out().contains("not signed"), sound.out());
    List<String> lines = Files.readAllLines(file);
    List<List<String>> tampered =
        List.of(
            lines.subList(0, lines.size() - 1),
            replaced(lines, "\"rpm=60\"", "\"rpm=61\""),
            replaced(lines, "\"signature\":\"..", "\"signature\":\"ff"),
            replaced(lines, "\"details\":\\{", "\"details\":{\"more\":\"x\","),
            replaced(lines, "\"action\":\"settings.change\"", "\"action\":7"),
            Stream.concat(lines.stream(), Stream.of(lines.getLast())).toList());
    for (List<String> each : tampered) {
      assertFalse(each.equals(lines));
      Files.write(file, each);
      Result broken = elsewhere.run("audit", "verify", "--file", file.toString());
      assertEquals(1, broken.exitCode(), broken.out() + broken.err());
      assertTrue(broken.out().contains("tampered"), broken.out() + broken.err());
    }
    Result twice = cli.run("audit", "export", file.toString());
    assertEquals(Main.FAILED, twice.exitCode());
    Files.writeString(file, "[]\n");
    assertEquals(1, elsewhere.run("audit", "verify", "--file", file.toString()).exitCode());
  }

  private static List<String> replaced(List<String> lines, String pattern, String by) {
    return lines.stream().map(line -> line.replaceFirst(pattern, by)).toList();
  }
}
