package io.solebox.hardware.board;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a board's controller measures, as one source among others; the board stays its owner's. */
public final class BoardSource implements Source {
  /** The controller itself; its rails and fans are devices of their own beside it. */
  public static final String ID = "board";

  private static final double MILLI = 1e-3;

  private final Board board;

  /** Its own name; empty until it has told it. For the thread that reads. */
  private Optional<String> known = Optional.empty();

  public BoardSource(Board board) {
    this.board = board;
  }

  @Override
  public String name() {
    return "board/" + board.name();
  }

  /** A question is sent four times at most, and may have to wait for another process's. */
  @Override
  public Duration deadline() {
    return Duration.ofSeconds(6);
  }

  @Override
  public Answer read() {
    if (known.isEmpty() && board.info() instanceof Said.Yes<BoardInfo>(var info)) {
      known = Optional.of(info.board());
    }
    return switch (board.status()) {
      case Said.No<BoardStatus>(var why) -> new Answer.Silence(why);
      case Said.Yes<BoardStatus>(var status) -> new Answer.Readings(devices(status));
    };
  }

  private List<DeviceReading> devices(BoardStatus status) {
    List<DeviceReading> devices = new ArrayList<>();
    devices.add(device("", known.orElse("board"), controller(status)));
    devices.add(rail("12v", "12 V", status.v12Millivolts()));
    devices.add(rail("aux", "3.3 V auxiliary", status.auxMillivolts()));
    devices.add(rail("core", "Core voltage", status.coreMillivolts()));
    for (int i = 0; i < status.rpm().size(); i++) {
      Map<Metric, Measured> values = new EnumMap<>(Metric.class);
      values.put(Metric.FAN_RPM, Measured.now(status.rpm().get(i)));
      values.put(Metric.FAN_PERCENT, Measured.now(status.fanPercent()));
      devices.add(device("/fan" + (i + 1), "Board's fan " + (i + 1), values));
    }
    devices.add(
        device(
            "/mcu",
            "Board's controller",
            Map.of(Metric.CELSIUS, Measured.now(status.controllerCelsius()))));
    return devices;
  }

  private static Map<Metric, Measured> controller(BoardStatus status) {
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    values.put(Metric.CELSIUS, Measured.now(status.sinkCelsius()));
    values.put(Metric.BOARD_STATE_NUMBER, Measured.now(status.state().ordinal()));
    values.put(Metric.BOARD_FAULT_NUMBER, Measured.now(status.fault().ordinal()));
    values.put(Metric.BOARD_THROTTLE_FLAG, flag(status, BoardStatus.Flag.THROTTLE));
    values.put(Metric.BOARD_STOP_ASKED_FLAG, flag(status, BoardStatus.Flag.STOP_ASKED));
    values.put(Metric.BOARD_HOST_LATE_FLAG, flag(status, BoardStatus.Flag.HOST_LATE));
    values.put(Metric.BOARD_BAD_FRAMES_COUNT, Measured.now(status.badFrames()));
    status
        .heartbeatAge()
        .ifPresent(
            age ->
                values.put(
                    Metric.BOARD_HEARTBEAT_AGE_SECONDS, Measured.now(age.toMillis() * MILLI)));
    return values;
  }

  private static Measured flag(BoardStatus status, BoardStatus.Flag flag) {
    return Measured.now(status.flags().contains(flag) ? 1 : 0);
  }

  private static DeviceReading rail(String id, String name, int millivolts) {
    return device("/" + id, name, Map.of(Metric.VOLTS, Measured.now(millivolts * MILLI)));
  }

  private static DeviceReading device(String id, String name, Map<Metric, Measured> values) {
    return new DeviceReading(Kind.CONTROLLER, ID + id, name, values);
  }
}
