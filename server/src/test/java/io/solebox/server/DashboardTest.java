package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    try (TestServer server = new TestServer()) {
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
