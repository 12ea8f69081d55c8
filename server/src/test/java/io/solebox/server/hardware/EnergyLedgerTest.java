package io.solebox.server.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tokens and joules of the same time, and what has measured them. */
class EnergyLedgerTest {
  private final AtomicLong tokens = new AtomicLong(1000);
  private final EnergyLedger ledger = new EnergyLedger(tokens::get, OptionalDouble.of(0.3));

  private void at(long second, Kind kind, double watts) {
    ledger.add(
        new Snapshot(
            Instant.ofEpochSecond(second),
            List.of(),
            List.of(
                new DeviceReading(
                    kind, "a", "a", Map.of(Metric.POWER_WATTS, Measured.now(watts))))));
  }

  private void counting(long second, double joules) {
    Map<Metric, Measured> values =
        Map.of(Metric.POWER_WATTS, Measured.now(300), Metric.ENERGY_JOULES, Measured.now(joules));
    ledger.add(
        new Snapshot(
            Instant.ofEpochSecond(second),
            List.of(),
            List.of(new DeviceReading(Kind.PLUG, "p", "p", values))));
  }

  private Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>(ledger.fields().orElseThrow());
    fields.remove("measured");
    return fields;
  }

  /** Some plugs count in thousandths of a kilowatt-hour. */
  @Test
  void tokensCountWhileACoarseCounterStandsStill() {
    counting(0, 0);
    tokens.addAndGet(100);
    counting(1, 0);
    tokens.addAndGet(80);
    counting(12, 3600);
    assertEquals(180L, fields().get("generated_tokens"));
    assertEquals(0.05, fields().get("tokens_per_joule"));
  }

  @Test
  void tokensAreHeldAgainstWhatWasDrawnMeanwhile() {
    assertEquals(Optional.empty(), ledger.fields());
    at(0, Kind.GPU, 100);
    assertEquals(
        Map.of("measured_by", "gpus", "watts", 100L, "joules", 0L, "generated_tokens", 0L),
        fields());
    at(5, Kind.GPU, 100);
    tokens.addAndGet(250);
    at(6, Kind.GPU, 500);
    assertEquals(
        Map.of(
            "measured_by",
            "gpus",
            "watts",
            500L,
            "joules",
            1000L,
            "generated_tokens",
            250L,
            "tokens_per_joule",
            0.25,
            "kwh_per_day",
            4L,
            "cost_per_day",
            1.2,
            "tokens_per_joule_busy",
            0.5),
        fields());

    tokens.addAndGet(10);
    at(7, Kind.PLUG, 600);
    assertEquals("plug", fields().get("measured_by"));
    assertEquals(600L, fields().get("joules"), "what was measured otherwise is not in it");
    assertEquals(10L, fields().get("generated_tokens"));
  }
}
