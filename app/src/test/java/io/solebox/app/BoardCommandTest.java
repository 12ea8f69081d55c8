package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.line.Pty;
import io.solebox.hardware.board.sim.Injection;
import io.solebox.hardware.board.sim.PlayedBoard;
import io.solebox.hardware.board.sim.SimulatedBoard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox board}, with the firmware's own control behind a pseudo terminal. */
@Timeout(120)
class BoardCommandTest {
  @TempDir private Path home;

  private CliRunner.Result run(String... arguments) {
    return new CliRunner(home).run(arguments);
  }

  /** A board that lives in a thread of its own, forty times as fast. */
  private final class Lab implements AutoCloseable {
    private final BlockingQueue<Consumer<SimulatedBoard>> wishes = new LinkedBlockingQueue<>();
    private final CompletableFuture<Said<Path>> device = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("lab").start(this::live);
    private volatile boolean ended;

    private void live() {
      switch (SimulatedBoard.start(1, 0)) {
        case Said.No<SimulatedBoard>(var why) -> device.complete(new Said.No<>(why));
        case Said.Yes<SimulatedBoard>(var board) -> {
          try (var played = new PlayedBoard(board, Pty.open(), 40, System::nanoTime)) {
            device.complete(new Said.Yes<>(played.device()));
            while (!ended) {
              played.turn();
              for (var wish = wishes.poll(); wish != null; wish = wishes.poll()) {
                wish.accept(board);
              }
            }
          } catch (Exception e) {
            device.completeExceptionally(e);
          }
        }
      }
    }

    /** Its owner has named it in the settings. */
    private Lab named() throws Exception {
      switch (device.get()) {
        case Said.No<Path>(var why) -> assumeTrue(false, "SKIPPED: " + why);
        case Said.Yes<Path>(var path) ->
            Files.writeString(home.resolve("hardware.properties"), "board=uart:" + path);
      }
      return this;
    }

    /** Does something to it, and waits until that is done. */
    private void tell(Consumer<SimulatedBoard> wish) throws Exception {
      var done = new CompletableFuture<Void>();
      wishes.add(wish.andThen(_ -> done.complete(null)));
      done.get();
    }

    @Override
    public void close() throws Exception {
      ended = true;
      thread.join();
    }
  }

  @Test
  void aModuleIsPoweredUpAndDownAndShown() throws Exception {
    try (Lab _ = new Lab().named()) {
      CliRunner.Result off = run("board", "status");
      assertEquals(0, off.exitCode(), off.err());
      assertTrue(off.out().contains("OFF  The board is off.\n"), off.out());
      CliRunner.Result on = run("board", "power", "on");
      assertEquals("The module is powered and out of reset.\n", on.out(), on.err());
      String running = run("board", "status").out();
      assertTrue(running.contains("RUN  The board runs.\n"), running);
      assertTrue(running.contains("11.04  ├") && running.contains("┤  12.96 V"), running);
      assertTrue(running.contains("slows at 85, trips at 95 °C"), running);
      assertTrue(running.contains("module on, PERST# released"), running);
      Map<String, Object> json = run("board", "status", "--json").object();
      assertEquals("run", json.get("state"));
      assertEquals("none", json.get("fault"));
      assertEquals("already", run("board", "power", "on", "--json").object().get("result"));
      CliRunner.Result cycled = run("board", "power", "cycle", "--json");
      assertEquals("run", cycled.object().get("state"), cycled.err());
      CliRunner.Result down = run("board", "power", "off");
      assertEquals("The module is off, and its rails are discharged.\n", down.out(), down.err());
    }
  }

  @Test
  void aFaultIsToldWithItsReasonAndWhatToDoAndIsLetGo() throws Exception {
    try (Lab lab = new Lab().named()) {
      run("board", "power", "on");
      lab.tell(board -> board.inject(Injection.SINK_DC, 960));
      lab.tell(board -> board.step(10));
      CliRunner.Result hot = run("board", "status");
      assertEquals(1, hot.exitCode());
      assertTrue(hot.out().contains("HOT  the heat sink is too hot\n  do: "), hot.out());
      CliRunner.Result refused = run("board", "power", "on");
      assertEquals(1, refused.exitCode());
      assertTrue(refused.err().contains("A fault is latched: the heat sink is too hot."));
      assertTrue(refused.err().endsWith("[hardware_guard]\n"), refused.err());
      CliRunner.Result still = run("board", "reset-fault");
      assertEquals(1, still.exitCode());
      assertTrue(still.err().contains("The cause is still there"), still.err());
      lab.tell(board -> board.inject(Injection.SINK_DC, 300));
      lab.tell(board -> board.step(500));
      CliRunner.Result gone = run("board", "reset-fault");
      assertEquals(0, gone.exitCode(), gone.err());
      assertEquals("There is no fault.\n", run("board", "reset-fault").out());
      String events = run("board", "events").out();
      assertTrue(events.contains("run → fault"), events);
      assertTrue(events.contains("the heat sink is too hot (96.0 °C)"), events);
    }
  }

  @Test
  void eventsHaveTheTimeOfDayTheyWereAt() throws Exception {
    Instant before = Instant.now();
    try (Lab lab = new Lab().named()) {
      run("board", "emergency-stop");
      List<Map<String, Object>> events = run("board", "events", "--json").rows();
      Map<String, Object> stop = events.getLast();
      assertEquals("emergency_stop", stop.get("fault"));
      assertEquals("the host asked for an emergency stop", stop.get("reason"));
      // Its clock is forty times as fast, so only the order is right.
      Instant at = Instant.parse((String) stop.get("time"));
      assertTrue(
          at.isBefore(Instant.now()) && at.isAfter(before.minusSeconds(3600)), at.toString());
      lab.tell(SimulatedBoard::hang);
      lab.tell(board -> board.step(100));
      List<Map<String, Object>> later = run("board", "events", "--json").rows();
      assertEquals(null, later.getFirst().get("time"), "of the start before");
      assertTrue(run("board", "events").out().contains("boot 0, after "));
      assertEquals(1, run("board", "events", "--since", "" + later.size(), "--json").rows().size());
    }
  }

  @Test
  void fansTurnAtWhatIsAskedForAtLeast() throws Exception {
    try (Lab _ = new Lab().named()) {
      assertEquals("The fans turn at 70 % at least.\n", run("board", "fan", "70").out());
      assertTrue(run("board", "status").out().contains("(at least 70 asked for)"));
      assertEquals("The fans turn as the temperature has it.\n", run("board", "fan", "auto").out());
      for (String wrong : List.of("101", "-1", "fast", "")) {
        assertEquals(2, run("board", "fan", "--", wrong).exitCode(), wrong);
      }
    }
  }

  @Test
  void whereThereIsNoBoardThatIsSaidWithWhatHelps() {
    CliRunner.Result none = run("board", "status");
    assertEquals(1, none.exitCode());
    assertTrue(none.err().contains("No board is named. Name it, as in board=uart:/dev/ttyAMA1"));
    CliRunner.Result absent = run("board", "events", "--at", "uart:/dev/absent");
    assertEquals(
        "solebox: uart:/dev/absent: There is no device /dev/absent. Plug the board in, or name"
            + " another. [device_unavailable]\n",
        absent.err());
    assertEquals(2, run("board", "status", "--at", "/dev/ttyAMA1").exitCode());
    assertEquals(2, run("board", "power", "up").exitCode());
    assertEquals(2, run("board").exitCode());
    CliRunner.Result offline =
        new CliRunner(home)
            .with("SOLEBOX_OFFLINE", "1")
            .run("board", "status", "--at", "tcp:127.0.0.1:1");
    assertTrue(offline.err().endsWith("[offline]\n"), offline.err());
    assertTrue(run("board", "status", "--at", "tcp:127.0.0.1:1").err().contains("can be reached"));
  }

  @Test
  void aSimulationTellsWhereItIsAndDoesAsItIsTold() throws Exception {
    Path link = home.resolve("port");
    Files.createSymbolicLink(link, Path.of("/dev/pts/left-by-one-that-was-killed"));
    CliRunner.Result done =
        new CliRunner(home)
            .stdin("help\ncore 700\nnonsense\nhot\nbutton\nquit\n")
            .run("board", "simulate", "--link", link.toString(), "--speed", "100");
    assumeTrue(!done.err().contains("[device_unavailable]"), "SKIPPED: " + done.err());
    assertEquals(0, done.exitCode(), done.err());
    assertTrue(done.out().startsWith("A simulated board is at uart:" + link + ".\n"), done.out());
    assertTrue(
        done.out().contains("the firmware's watchdog") || done.out().contains("button long"));
    assertTrue(done.err().contains("'nonsense' is not understood; 'help' says what is"));
    assertTrue(done.err().contains("'hot' is not understood"), done.err());
    assertFalse(Files.isSymbolicLink(link), "it goes with the board");
    Files.writeString(link, "mine");
    CliRunner.Result taken = run("board", "simulate", "--link", link.toString());
    assertEquals(1, taken.exitCode());
    assertEquals("mine", Files.readString(link));
    assertEquals(2, run("board", "simulate", "--speed", "0").exitCode());
    assertEquals(2, run("board", "simulate", "--inject", "hot 96").exitCode());
    assertEquals(2, run("board", "simulate", "--inject", "warm 96@3").exitCode());
  }
}
