package io.solebox.app.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SourceState;
import io.solebox.hardware.telemetry.SourceState.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ViewTest {
  private static Snapshot snapshot(Measured celsius) {
    return new Snapshot(
        Instant.EPOCH,
        List.of(
            new SourceState("w1/28-1", State.LATE, OptionalLong.of(9000), "no answer for 9 s"),
            new SourceState("nvml", State.ASKED, OptionalLong.empty(), "")),
        List.of(
            new DeviceReading(
                Kind.ONE_WIRE, "28-1", "in\u001b[2Jlet", Map.of(Metric.CELSIUS, celsius))));
  }

  @Test
  void drawsThePastWithItsGaps() {
    Series series = new Series(3);
    series.add(snapshot(Measured.now(10)));
    series.add(snapshot(Measured.now(20)));
    series.add(snapshot(Measured.missing("garbled")));
    Snapshot last = snapshot(new Measured.Value(27, 9000));
    series.add(last);
    List<String> lines = View.live(last, series);
    assertTrue(lines.get(1).endsWith("▁ █"), lines.get(1));
    assertTrue(lines.get(1).contains("27.0 °C (9 s ago)"), lines.get(1));
    assertTrue(lines.get(1).chars().noneMatch(c -> c == 0x1b), "names command no terminal");
    assertEquals(
        List.of(
            "not measured: w1/28-1: no answer for 9 s", "not measured: nvml: has not answered yet"),
        lines.subList(2, 4));
  }

  @Test
  void tellsOfABoardWhatItDoesAndItsFault() {
    DeviceReading board =
        new DeviceReading(
            Kind.CONTROLLER,
            "board",
            "bench-1",
            Map.of(
                Metric.CELSIUS,
                Measured.now(41.5),
                Metric.BOARD_STATE_NUMBER,
                Measured.now(9),
                Metric.BOARD_FAULT_NUMBER,
                Measured.now(17)));
    String lines =
        String.join("\n", View.plain(new Snapshot(Instant.EPOCH, List.of(), List.of(board))));
    assertTrue(lines.contains("has taken the module's power"), lines);
    assertTrue(lines.contains("no heartbeat came from the host"), lines);
    assertTrue(lines.contains("41.5 °C"), lines);
  }

  @Test
  void drawsWhatHardlyMovesFlat() {
    assertEquals(
        "▁▁▂",
        Sparkline.of(
            List.of(OptionalDouble.of(40), OptionalDouble.of(40), OptionalDouble.of(40.1))));
    assertEquals("", Sparkline.of(List.of()));
  }
}
