package io.solebox.hardware.care;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardSource;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.BoardStatus.Flag;
import io.solebox.hardware.board.FakeBoard;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.Source;
import io.solebox.hardware.telemetry.SourceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What follows from a board's state; seconds are counted, not waited. */
@Timeout(60)
final class BoardWatchTest {
  private final FakeBoard board = new FakeBoard();
  private final BoardSource source = new BoardSource(board);
  private final BlockingQueue<String> trouble = new LinkedBlockingQueue<>();
  private final BoardOrders orders = new BoardOrders(board, true, trouble::add);
  private final BoardWatch watch = new BoardWatch(orders);
  private Level gpus = Level.NORMAL;
  private long second;

  @AfterEach
  void end() {
    orders.close();
  }

  private Snapshot measured() {
    DeviceReading gpu =
        new DeviceReading(
            Kind.GPU,
            "GPU-1",
            "V100",
            Map.of(Metric.CORE_CELSIUS, Measured.now(61), Metric.MEMORY_CELSIUS, Measured.now(84)));
    List<DeviceReading> devices = new ArrayList<>(List.of(gpu));
    return switch (source.read()) {
      case Source.Answer.Readings(var its) -> {
        devices.addAll(its);
        yield new Snapshot(Instant.EPOCH, List.of(state(SourceState.State.ANSWERS, "")), devices);
      }
      case Source.Answer.Silence(var why) ->
          new Snapshot(Instant.EPOCH, List.of(state(SourceState.State.SILENT, why)), devices);
    };
  }

  private SourceState state(SourceState.State state, String why) {
    return new SourceState(source.name(), state, OptionalLong.empty(), why);
  }

  private Ruling.Device look() {
    return watch.look(measured(), gpus, Duration.ofSeconds(++second).toNanos()).orElseThrow();
  }

  private Order told() throws InterruptedException {
    return board.told.take();
  }

  private static void says(Ruling.Device device, Level level, String... words) {
    assertEquals(level, device.level());
    for (String each : words) {
      assertTrue(device.reasons().getFirst().words().contains(each), device.toString());
    }
  }

  @Test
  void eachRoundIsAHeartbeatWithTheHottestCore() throws Exception {
    assertEquals(Level.NORMAL, look().level());
    assertEquals(new Order.Heartbeat(OptionalDouble.of(61)), told());
    orders.close();
    assertInstanceOf(Order.Goodbye.class, told());
  }

  @Test
  void fansTurnAsFastAsTheyCanWhileAGpuIsTooWarm() throws Exception {
    gpus = Level.SLOW;
    look();
    assertEquals(new Order.Fan(100), told());
    told();
    gpus = Level.NORMAL;
    look();
    assertEquals(new Order.Fan(0), told());
  }

  @Test
  void aModuleThatLosesItsPowerStopsAllAndComesBack() {
    look();
    board.is(BoardState.FAULT, BoardFault.HOST_SILENT);
    says(
        look(),
        Level.STOPPED,
        "the board bench-1 has taken the module's power: no heartbeat came from the host",
        "reset-fault");
    board.is(BoardState.OFF, BoardFault.NONE);
    says(look(), Level.STOPPED, "the module has no power", "power on");
    board.is(BoardState.RUN, BoardFault.NONE);
    assertEquals(new Ruling.Device("board", "the board bench-1", Level.NORMAL, List.of()), look());
  }

  @Test
  void aModuleThatNeverHadPowerIsSaidAndStopsNothing() {
    board.is(BoardState.FAULT, BoardFault.CORE_LATE);
    says(look(), Level.WARN, "the core voltage did not come in time");
    board.is(BoardState.OFF, BoardFault.NONE);
    says(look(), Level.WARN, "solebox board power on");
  }

  @Test
  void aSilentBoardIsAWarning() throws Exception {
    board.silent(true);
    says(look(), Level.WARN, "does not answer", "no answer came");
    assertTrue(trouble.take().contains("no answer came"));
    board.silent(false);
    board.is(BoardState.RUN, BoardFault.NONE, Flag.THROTTLE, Flag.HOST_LATE);
    says(look(), Level.WARN, "throttles the module, since it misses this server's heartbeat");
  }

  @Test
  void thePowerButtonHasWorkEndThenModelsLeaveAndThenThePowerGoes() throws Exception {
    board.is(BoardState.STOPPING, BoardFault.NONE, Flag.STOP_ASKED);
    for (int i = 0; i < 20; i++) {
      says(look(), Level.PAUSED, "power button");
    }
    says(look(), Level.STOPPED, "power button");
    while (!board.told.isEmpty()) {
      assertInstanceOf(Order.Heartbeat.class, told());
    }
    look();
    Order next = told();
    while (next instanceof Order.Heartbeat) {
      next = told();
    }
    assertInstanceOf(Order.Off.class, next);
  }

  @Test
  void aMachineOnNoBoardHasNone() {
    assertTrue(BoardWatch.none().look(measured(), Level.CUT, 0).isEmpty());
  }
}
