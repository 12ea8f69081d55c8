package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoutCommandTest {
  @TempDir Path home;
  private CliRunner cli;
  private Path file;

  @BeforeEach
  void cli() {
    cli = new CliRunner(home);
    file = home.resolve("scout.toml");
  }

  private CliRunner.Result scout(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "scout";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return cli.run(all);
  }

  @Test
  void settingsBeginWithAnExampleAndAreNotWrittenOver() {
    assertTrue(scout("watches").err().contains("scout init"));
    assertEquals(0, scout("init").exitCode());
    assertEquals(0, scout("watches").exitCode());
    assertEquals(2, scout("init").exitCode());
  }

  @Test
  void watchesAreAddedAndRemovedWithoutTouchingTheRest() throws IOException {
    Files.writeString(file, "# mine\n[scout]\ncurrency = \"EUR\"\n");
    var added =
        scout(
            "watches",
            "add",
            "cheap V100",
            "--any",
            "v100",
            "--none",
            "heatsink",
            "--price",
            "..450");
    assertEquals(0, added.exitCode(), added.err());
    String text = Files.readString(file);
    assertTrue(text.startsWith("# mine\n[scout]\ncurrency = \"EUR\"\n"), text);
    var rows = scout("watches", "--json").rows();
    assertEquals(List.of("v100"), rows.getFirst().get("any"));
    assertEquals("..450 EUR", rows.getFirst().get("price"));

    assertEquals(1, scout("watches", "add", "other", "--card", "V1000").exitCode());
    assertEquals(text, Files.readString(file), "what is wrong changes nothing");
    assertTrue(scout("watches", "remove", "cheap V10").err().contains("cheap V100"));
    assertEquals(0, scout("watches", "remove", "cheap V100").exitCode());
    assertEquals(List.of(), scout("watches", "--json").rows());
    assertTrue(Files.readString(file).startsWith("# mine\n"));
  }

  @Test
  void everyMistakeIsALineWithItsPlace() throws IOException {
    Files.writeString(file, "[scout]\ncontry = \"DE\"\n\n[[watch]]\nname = \"x\"\n");
    var result = scout("watches", "check");
    assertEquals(1, result.exitCode());
    assertTrue(result.err().contains("scout.toml:2:1: 'contry'"), result.err());
    assertTrue(result.err().contains("scout.toml:4:1: it asks for nothing"), result.err());
  }

  @Test
  void whatCanNeverBeIsSaid() throws IOException {
    Files.writeString(file, "[[watch]]\nname = \"x\"\nall = \"v100\"\nnone = \"v100\"\n");
    var result = scout("watches", "check");
    assertEquals(1, result.exitCode());
    assertTrue(result.out().contains("matches nothing"), result.out());
  }

  @Test
  void anotherScoutTakesOverWhatThisOneWasTold(@TempDir Path other) throws IOException {
    Files.writeString(
        file, "[[watch]]\nname = \"x\"\nany = [\"v100\", '\"tesla v100\"']\nseller_score = 5\n");
    String exported = scout("export").out();
    Path from = Files.writeString(home.resolve("export.json"), exported);
    Path to = Files.writeString(other.resolve("scout.toml"), "# theirs\n");
    var result = scout("import", from.toString(), "--config", to.toString());
    assertEquals(0, result.exitCode(), result.err());
    assertEquals(
        scout("watches", "--json").rows(),
        scout("watches", "--json", "--config", to.toString()).rows());
    assertTrue(
        scout("import", from.toString(), "--config", to.toString()).err().contains("already"));
  }

  @Test
  void theDoctorSaysWhatIsMissingAndAsksNobodyWhereConnectionsAreOff() throws IOException {
    Files.writeString(
        file,
        """
        [[feed]]
        name = "forum"
        url = "http://127.0.0.1:9/feed"
        [[channel]]
        name = "chat"
        kind = "discord"
        webhook_file = "missing"
        """);
    var off = cli.with("SOLEBOX_OFFLINE", "1").run("scout", "doctor", "--json");
    assertEquals(1, off.exitCode(), off.err());
    assertTrue(off.out().contains("SOLEBOX_OFFLINE is set"), off.out());
    assertFalse(off.out().contains("feed forum"), off.out());
    var on = scout("doctor");
    assertEquals(1, on.exitCode(), on.err());
    assertTrue(on.out().contains("feed forum") && on.out().contains("channel chat"), on.out());
    assertTrue(scout("doctor", "--resume", "chat").err().contains("has stopped"));
  }
}
