package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.airgap.AirGap;
import io.solebox.scout.state.ScoutTables;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scout from its settings to what a channel is told. */
class ScoutRoundsTest {
  private static final String OLD = "NVIDIA Tesla V100 SXM2 32GB, 500 EUR";
  private static final String FRESH = "Tesla V100 32GB SXM2, 400 EUR";
  private static final String OTHER = "Sofa, nearly new, 20 EUR";

  private static final AirGap GAP =
      new AirGap.Closed("x86_64", new AirGap.SecondWall.Missing("the kernel is old"));

  @TempDir Path home;
  private CliRunner cli;
  private FeedAndHook world;

  @BeforeEach
  void settings() throws IOException {
    cli = new CliRunner(home);
    world = new FeedAndHook(OLD);
    Files.writeString(home.resolve("hook.secret"), world.address("/hook/s3cret"));
    Files.writeString(
        home.resolve("scout.toml"),
        """
        [[feed]]
        name = "forum"
        url = "%s"
        [[channel]]
        name = "hook"
        kind = "webhook"
        url_file = "hook.secret"
        [[watch]]
        name = "V100"
        any = "v100"
        """
            .formatted(world.address("/feed")));
  }

  @AfterEach
  void end() {
    world.close();
  }

  private CliRunner.Result scout(String... arguments) {
    return good(cli.run(words(arguments)));
  }

  private static String[] words(String... arguments) {
    List<String> words = new ArrayList<>(List.of("scout"));
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }

  private static CliRunner.Result good(CliRunner.Result result) {
    assertEquals(0, result.exitCode(), result.err());
    assertFalse((result.out() + result.err()).contains("s3cret"), "a secret is shown");
    return result;
  }

  /** All that is remembered: files by their names, byte by byte. */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> files = Files.list(home.resolve("scout"))) {
      for (Path file : files.toList()) {
        state.put(
            file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return state;
  }

  /** A scout of its own process, which can be ended at once. */
  private Process process(String command) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.solebox.app.Main",
            "scout",
            command);
    builder.environment().put("SOLEBOX_HOME", home.toString());
    builder.environment().remove("SOLEBOX_OFFLINE");
    return builder.redirectError(Redirect.DISCARD).redirectOutput(Redirect.DISCARD).start();
  }

  private static Map<String, Object> first(Object list) {
    return CliRunner.asObject(assertInstanceOf(List.class, list).getFirst());
  }

  @Test
  void whatIsNewIsToldOnceAndWhatWasThereBeforeNever() throws InterruptedException {
    String silent = scout("once").out();
    assertTrue(silent.contains("Told: 0") && silent.contains(OLD), silent);
    assertTrue(world.isQuiet());

    world.post(FRESH);
    world.post(OTHER);
    var round = scout("once", "--json").object();
    FeedAndHook.Sent sent = world.next();
    assertFalse(sent.perhapsAgain());
    Map<String, Object> message = sent.object();
    assertEquals('"' + message.get("key").toString() + '"', sent.key());
    Map<String, Object> news = first(message.get("news"));
    assertEquals("NEW", news.get("happening"));
    assertEquals(FRESH, CliRunner.asObject(news.get("thing")).get("title"));
    var decisions = assertInstanceOf(List.class, round.get("decisions"));
    assertEquals(2, decisions.size(), decisions::toString);
    assertTrue(decisions.toString().contains("outcome=told"), decisions::toString);
    assertTrue(decisions.toString().contains("outcome=unwanted"), decisions::toString);
    assertEquals(0L, ((Number) first(round.get("channels")).get("waiting")).longValue());

    assertTrue(scout("once").out().contains("Told: 0"));
    assertTrue(world.isQuiet(), "nothing is told twice");
  }

  @Test
  void aRehearsalSaysWhatWouldBeToldAndWhyAndChangesNothing() throws Exception {
    scout("once");
    world.post(FRESH);
    Map<String, String> before = state();
    assertTrue(before.containsKey(ScoutTables.FILE), before::toString);
    String said = scout("once", "--dry-run").out();
    assertTrue(said.contains("Told: 1") && said.contains(FRESH), said);
    assertTrue(said.contains("V100 -> hook: the watch wants it"), said);
    assertEquals(before, state());
    assertTrue(world.isQuiet());
    scout("once");
    assertEquals(1, assertInstanceOf(List.class, world.next().object().get("news")).size());
  }

  @Test
  void aChannelThatIsDownIsToldLaterAndItIsSaidWhatWaits() throws InterruptedException {
    scout("once");
    world.post(FRESH);
    world.answers(503);
    String said = scout("once").err();
    assertTrue(said.contains("hook: 1 wait, since it answered 503; not before "), said);
    world.next();
  }

  @Test
  void oneThatIsEndedAtOnceLosesNothingAndAnotherIsRefusedWhileItWorks() throws Exception {
    scout("once");
    world.post(FRESH);
    world.answers(FeedAndHook.SILENCE);
    Process ended = process("once");
    FeedAndHook.Sent half = world.next();
    ended.destroyForcibly().waitFor();

    Process running = process("run");
    try {
      FeedAndHook.Sent again = world.next();
      assertEquals(half.key(), again.key());
      assertEquals(half.body(), again.body());
      assertTrue(again.perhapsAgain());
      for (String command : List.of("run", "once")) {
        var second = cli.run("scout", command);
        assertNotEquals(0, second.exitCode());
        assertTrue(second.err().contains("Another scout is at work"), second.err());
      }
      scout("once", "--dry-run");
    } finally {
      running.destroyForcibly().waitFor();
    }

    world.answers(204);
    scout("once");
    assertEquals(half.key(), world.next().key());
    scout("once");
    assertTrue(world.isQuiet(), "what was acknowledged is not told again");
  }

  @Test
  void nobodyIsAskedWhereConnectionsAreOff() {
    for (String command : List.of("run", "once")) {
      var offline = cli.with("SOLEBOX_OFFLINE", "1").run("scout", command);
      assertNotEquals(0, offline.exitCode());
      assertTrue(offline.err().contains("SOLEBOX_OFFLINE is set"), offline.err());
      var gap = cli.with(GAP).run("scout", command);
      assertNotEquals(0, gap.exitCode());
      assertTrue(gap.err().contains("Run it on another machine"), gap.err());
    }
    assertFalse(Files.exists(home.resolve("scout")), "nothing was begun");
  }

  @Test
  void settingsThatAreMissingOrWrongAreSaidWhole() throws IOException {
    Files.writeString(home.resolve("scout.toml"), "[scout]\ncontry = \"DE\"\nevry = \"1 h\"\n");
    for (String command : List.of("run", "once", "doctor")) {
      var wrong = cli.run("scout", command);
      assertEquals(1, wrong.exitCode());
      assertTrue(wrong.err().contains("scout.toml:2:1: 'contry'"), wrong.err());
      assertTrue(wrong.err().contains("scout.toml:3:1: 'evry'"), wrong.err());
      var missing = cli.run("scout", command, "--config", home.resolve("none.toml").toString());
      assertEquals(1, missing.exitCode());
      assertTrue(missing.err().contains("scout init"), missing.err());
    }
  }

  @Test
  void theDoctorSendsOneMessageWhereSaidAndTellsWhatBecameOfIt() throws InterruptedException {
    String quiet = scout("doctor").out();
    assertTrue(quiet.contains("clock by feed forum: It is right to"), quiet);
    assertTrue(world.isQuiet(), "nothing is sent unless it is said");
    scout("doctor", "--send");
    assertEquals("A test of the scout", first(world.next().object().get("news")).get("title"));
    world.answers(404);
    var closed = cli.run("scout", "doctor", "--send");
    assertEquals(1, closed.exitCode());
    assertTrue(closed.out().contains("message to hook: It was not taken: it answered 404."));
    assertFalse((closed.out() + closed.err()).contains("s3cret"));
  }
}
