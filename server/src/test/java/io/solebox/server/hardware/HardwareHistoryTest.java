package io.solebox.server.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.server.hardware.HardwareHistory.Question;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten seconds for a day, two minutes for a week, and then nothing. */
class HardwareHistoryTest {
  private static final long DAY = 86_400;

  /** A whole number of days, so that bounds are round. */
  private static final long NOW = 20_000 * DAY;

  @TempDir private Path folder;
  private Database database;
  private HardwareHistory history;
  private final Moments moments = new Moments();

  @BeforeEach
  void open() {
    database = ServerTables.open(folder.resolve("server.db"));
    history = new HardwareHistory(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void measure(long second, Measured celsius) {
    moments.add(
        new Snapshot(
            Instant.ofEpochSecond(second),
            List.of(),
            List.of(
                new DeviceReading(
                    Kind.GPU,
                    "GPU-1",
                    "V100",
                    Map.of(
                        Metric.CORE_CELSIUS,
                        celsius,
                        Metric.SHUTDOWN_CELSIUS,
                        Measured.now(90))))));
  }

  private List<Map<String, Object>> read(long from, long step, String... metrics) {
    return history.read(new Question(from, step, List.of(metrics), ""));
  }

  private Object points(long from, long step) {
    return read(from, step).getFirst().get("points");
  }

  @Test
  void tenSecondsHaveAMeanAndAHighest() {
    measure(NOW, Measured.now(40));
    measure(NOW + 1, Measured.now(41.5));
    measure(NOW + 2, Measured.missing("garbled"));
    measure(NOW + 9, Measured.now(41.5));
    measure(NOW + 10, Measured.missing("garbled"));
    measure(NOW + 20, Measured.now(50));
    history.add(moments.takeAll());
    history.add(moments.takeAll());

    List<Map<String, Object>> series = read(NOW, 10);
    assertEquals(1, series.size(), "bounds are no history");
    assertEquals("gpu", series.getFirst().get("kind"));
    assertEquals("GPU-1", series.getFirst().get("id"));
    assertEquals("V100", series.getFirst().get("name"));
    assertEquals("core_celsius", series.getFirst().get("metric"));
    assertEquals(
        List.of(List.<Number>of(NOW, 41L, 41.5), List.<Number>of(NOW + 20, 50L, 50L)),
        series.getFirst().get("points"));
    assertEquals(
        List.of(List.<Number>of(NOW, 45.5, 50L)), points(NOW, 60), "a step makes one of several");
    assertEquals(List.of(), read(NOW, 10, "power_watts"));
    assertEquals(List.of(), read(NOW + 30, 10));
    assertEquals(List.of(), history.read(new Question(NOW, 10, List.of(), "GPU-2")));
  }

  @Test
  void whatIsOldIsThinnedAndThenGoes() {
    for (int i = 0; i < 24; i++) {
      measure(NOW + 10 * i, Measured.now(i));
    }
    measure(NOW + DAY, Measured.now(70));
    history.add(moments.takeAll());

    history.thin(NOW + DAY + 120);
    assertEquals(
        List.of(List.<Number>of(NOW, 5.5, 11L)), ((List<?>) points(NOW, 10)).subList(0, 1));
    assertEquals(1 + 12 + 1, ((List<?>) points(NOW, 10)).size());

    history.thin(NOW + DAY + 120);
    history.thin(NOW + 2 * DAY);
    assertEquals(
        List.of(
            List.<Number>of(NOW, 5.5, 11L),
            List.<Number>of(NOW + 120, 17.5, 23L),
            List.<Number>of(NOW + DAY, 70L, 70L)),
        points(NOW, 10));

    history.thin(NOW + 7 * DAY + 1);
    assertEquals(2, ((List<?>) points(NOW, 10)).size());
    history.thin(NOW + 8 * DAY + 1);
    assertEquals(List.of(), read(0, 10));
  }
}
