package io.solebox.hardware.care;

import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardSource;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.board.SeenBoard;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Ruling.Reason;
import io.solebox.hardware.guard.Sensor;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SourceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The board under the guard: what follows from its state, that it hears each round that the guard
 * lives, and what it is told when it asks for a stop. Owned by the guard's thread.
 */
public final class BoardWatch {
  /** Of the board among the devices of a ruling. */
  public static final String DEVICE = "board";

  /** Between the power button and the end of answers that still run; the board waits for 120 s. */
  private static final Duration BUTTON_PATIENCE = Duration.ofSeconds(20);

  private static final int ALL = 100;

  private final Optional<BoardOrders> orders;

  /** Whether the module had power at some round; only then can it have lost it. */
  private boolean wasPowered;

  private OptionalLong askedSince = OptionalLong.empty();
  private boolean toldOff;
  private boolean fansFull;
  private Level before = Level.NORMAL;

  /** The board is closed by whoever has opened it. */
  public BoardWatch(BoardOrders orders) {
    this.orders = Optional.of(orders);
  }

  private BoardWatch() {
    orders = Optional.empty();
  }

  /** Of a machine that is on none. */
  public static BoardWatch none() {
    return new BoardWatch();
  }

  /**
   * One round.
   *
   * @param gpus what the GPUs ask for
   * @return what the board asks for; empty on a machine without one, or before it was asked
   */
  Optional<Ruling.Device> look(Snapshot snapshot, Level gpus, long now) {
    if (orders.isEmpty()) {
      return Optional.empty();
    }
    drive(gpus);
    orders.get().beat(new Order.Heartbeat(hottest(snapshot)));
    Optional<Ruling.Device> ruled =
        SeenBoard.in(snapshot).map(seen -> rule(seen, now)).or(() -> silent(snapshot));
    before = ruled.map(Ruling.Device::level).orElse(Level.NORMAL);
    return ruled;
  }

  /**
   * The hottest core. Not memory: that of an A100 may have 95 °C, at which the board would trip;
   * the guard follows it, and has the fans driven.
   */
  private static OptionalDouble hottest(Snapshot snapshot) {
    return snapshot.gpus().stream()
        .flatMapToDouble(gpu -> gpu.value(Metric.CORE_CELSIUS).stream())
        .max();
  }

  /** All fans at all they have while anything is too warm; else as the board has it. */
  private void drive(Level gpus) {
    boolean full = gpus.isAtLeast(Level.SLOW);
    if (full != fansFull) {
      fansFull = full;
      orders.get().give(new Order.Fan(full ? ALL : 0));
    }
  }

  private static Optional<Ruling.Device> silent(Snapshot snapshot) {
    return snapshot.sources().stream()
        .filter(source -> source.name().startsWith(BoardSource.ID + "/"))
        .filter(source -> source.state() != SourceState.State.ASKED)
        .findFirst()
        .map(
            source ->
                device(
                    "the board",
                    Level.WARN,
                    "the board does not answer, and nobody sees what it sees: " + source.why()));
  }

  private Ruling.Device rule(SeenBoard seen, long now) {
    String name = seen.name().equals("board") ? "the board" : "the board " + seen.name();
    if (seen.state().isPowered()) {
      wasPowered = true;
      return seen.asksToStop() ? stopping(name, now) : running(name, seen);
    }
    askedSince = OptionalLong.empty();
    toldOff = false;
    Level level = wasPowered ? Level.STOPPED : Level.WARN;
    if (seen.fault() != BoardFault.NONE) {
      return device(
          name,
          level,
          "%s has taken the module's power: %s (%s)"
              .formatted(name, seen.fault().words(), seen.fault().remedy()));
    }
    return device(
        name,
        level,
        "the module has no power: %s %s (solebox board power on)"
            .formatted(name, seen.state().words()));
  }

  private Ruling.Device running(String name, SeenBoard seen) {
    askedSince = OptionalLong.empty();
    toldOff = false;
    if (!seen.throttles()) {
      return new Ruling.Device(DEVICE, name, Level.NORMAL, List.of());
    }
    return device(
        name,
        Level.WARN,
        seen.missesHost()
            ? name + " throttles the module, since it misses this server's heartbeat"
            : name + " throttles the module: it is too hot, or a fan stands still");
  }

  /** New work is refused, then models leave, and then the board may take the power. */
  private Ruling.Device stopping(String name, long now) {
    if (askedSince.isEmpty()) {
      askedSince = OptionalLong.of(now);
    }
    boolean over = now - askedSince.getAsLong() >= BUTTON_PATIENCE.toNanos();
    if (before == Level.STOPPED && !toldOff) { // models have left in the round before
      toldOff = true;
      orders.get().give(new Order.Off());
    }
    return device(
        name,
        over ? Level.STOPPED : Level.PAUSED,
        "somebody has pressed the power button of "
            + name
            + ": answers that run may end, and then the module loses its power");
  }

  private static Ruling.Device device(String name, Level level, String words) {
    Reason reason = new Reason(level, Sensor.BOARD, OptionalDouble.empty(), words);
    return new Ruling.Device(DEVICE, name, level, List.of(reason));
  }
}
