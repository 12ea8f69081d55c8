package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard in {@code docs/grafana} shows metrics that there are. */
class DashboardTest {
  private static final Path FILE = Path.of("..", "docs", "grafana", "solebox.json");
  private static final Pattern METRIC = Pattern.compile("solebox_\\w+");

  @Test
  void everyMetricIsThere() throws IOException {
    Map<String, Object> dashboard =
        new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(FILE));
    assertTrue(((List<?>) dashboard.get("panels")).size() > 10);
    Set<String> shown = new TreeSet<>();
    METRIC.matcher(Files.readString(FILE)).results().forEach(found -> shown.add(found.group()));
    Map<Metric, Measured> values =
        Map.of(
            Metric.CORE_CELSIUS, Measured.now(1),
            Metric.MEMORY_CELSIUS, Measured.now(1),
            Metric.POWER_WATTS, Measured.now(1));
    Snapshot measured =
        new Snapshot(
            Instant.EPOCH, List.of(), List.of(new DeviceReading(Kind.GPU, "GPU-1", "A", values)));
    ServerConfig config = ServerConfig.defaults().withSampler(new FixedSampler(measured));
    try (TestServer server = new TestServer(config)) {
      server.postChat("hello", "");
      String page = server.get("/metrics").text();
      Set<String> missing = new TreeSet<>();
      for (String name : shown) {
        String family = name.replaceAll("_(bucket|sum|count)$", "");
        if (!page.contains("# TYPE " + family + " ")) {
          missing.add(name);
        }
      }
      assertEquals(Set.of(), missing);
    }
  }
}
