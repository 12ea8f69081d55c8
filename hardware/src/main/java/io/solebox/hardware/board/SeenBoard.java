package io.solebox.hardware.board;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A board as it was measured last.
 *
 * @param fault {@link BoardFault#NONE} where nothing is latched
 */
public record SeenBoard(
    String name,
    BoardState state,
    BoardFault fault,
    boolean throttles,
    boolean asksToStop,
    boolean missesHost) {
  /** Empty where there is none in it, or none that has answered lately. */
  public static Optional<SeenBoard> in(Snapshot snapshot) {
    return snapshot.device(Kind.CONTROLLER, BoardSource.ID).flatMap(SeenBoard::of);
  }

  /** Empty where the device tells no state. */
  public static Optional<SeenBoard> of(DeviceReading device) {
    return device.value(Metric.BOARD_STATE_NUMBER).isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SeenBoard(
                device.name(),
                Payload.of(BoardState.values(), number(device, Metric.BOARD_STATE_NUMBER)),
                Payload.of(BoardFault.values(), number(device, Metric.BOARD_FAULT_NUMBER)),
                number(device, Metric.BOARD_THROTTLE_FLAG) == 1,
                number(device, Metric.BOARD_STOP_ASKED_FLAG) == 1,
                number(device, Metric.BOARD_HOST_LATE_FLAG) == 1));
  }

  private static int number(DeviceReading device, Metric metric) {
    return (int) device.value(metric).orElse(0);
  }

  /** For JSON. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("state", state.word());
    fields.put("state_words", state.words());
    fields.put("fault", fault.word());
    fields.put("fault_words", fault == BoardFault.NONE ? null : fault.words());
    fields.put("remedy", fault == BoardFault.NONE ? null : fault.remedy());
    fields.put("throttles", throttles);
    fields.put("asks_to_stop", asksToStop);
    fields.put("misses_host", missesHost);
    return fields;
  }
}
