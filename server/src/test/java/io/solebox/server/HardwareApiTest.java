package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Sensor;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SourceState;
import io.solebox.hardware.telemetry.SourceState.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the machine measures, to administrators, and to Prometheus. */
@Timeout(60)
class HardwareApiTest {
  private static final String ANN = "0123456789abcdef-ann";
  private static final String BOB = "0123456789abcdef-bob";
  private static final Snapshot SNAPSHOT =
      new Snapshot(
          Instant.now().minusSeconds(60),
          List.of(
              new SourceState("nvml", State.ANSWERS, OptionalLong.of(1500), ""),
              new SourceState("w1/28-1", State.LATE, OptionalLong.empty(), "no answer for 9 s")),
          List.of(
              new DeviceReading(
                  Kind.GPU,
                  "GPU-1",
                  "Tesla \"V100\"",
                  Optional.of("0000:01:00.0"),
                  Map.of(
                      Metric.CORE_CELSIUS,
                      new Measured.Value(71.5, 40),
                      Metric.MEMORY_CELSIUS,
                      Measured.missing("the GPU is lost"),
                      Metric.ENERGY_JOULES,
                      Measured.now(5000),
                      Metric.EVENT_REASONS_MASK,
                      Measured.now(0x44),
                      Metric.XID_COUNT,
                      Measured.now(2)))));

  @TempDir private Path folder;

  private ServerConfig config() throws IOException {
    Path keys =
        Files.write(folder.resolve("keys"), List.of(ANN + " name=ann admin", BOB + " name=bob"));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    return ServerConfig.defaults().withStateFile(folder.resolve("server.db")).withApiKeyFile(keys);
  }

  private static String bearer(String key) {
    return "Authorization: Bearer " + key;
  }

  @Test
  void tellsWhatTheBoardDoesAndItsFaultInWords() throws IOException {
    DeviceReading board =
        new DeviceReading(
            Kind.CONTROLLER,
            "board",
            "bench-1",
            Map.of(
                Metric.CELSIUS,
                Measured.now(96.5),
                Metric.BOARD_STATE_NUMBER,
                Measured.now(9),
                Metric.BOARD_FAULT_NUMBER,
                Measured.now(13)));
    ServerConfig config =
        config()
            .withSampler(new FixedSampler(new Snapshot(Instant.now(), List.of(), List.of(board))));
    try (TestServer server = new TestServer(config)) {
      RawClient.Answer answer = server.get("/v1/hardware", bearer(ANN));
      assertEquals("fault", answer.at("board.state"));
      assertEquals("hot", answer.at("board.fault"));
      assertEquals("the heat sink is too hot", answer.at("board.fault_words"));
      assertTrue(answer.text().contains("solebox board reset-fault"), answer::text);
      String page = server.get("/metrics", bearer(ANN)).text();
      assertTrue(page.contains("solebox_hardware_board_fault_number{kind=\"controller\""), page);
    }
  }

  @Test
  void tellsAdministratorsWhatIsMeasuredNow() throws IOException {
    String words = "the core of V100 is at 84 °C";
    Ruling ruling =
        new Ruling(
            Level.SLOW,
            List.of(
                new Ruling.Device(
                    "GPU-1",
                    "V100",
                    Level.SLOW,
                    List.of(
                        new Ruling.Reason(
                            Level.SLOW, Sensor.CORE, OptionalDouble.of(84), words)))));
    ServerConfig config = config().withSampler(new FixedSampler(SNAPSHOT)).withGuard(() -> ruling);
    try (TestServer server = new TestServer(config)) {
      assertEquals(403, server.get("/v1/hardware", bearer(BOB)).status());
      assertEquals(403, server.get("/v1/hardware/history", bearer(BOB)).status());
      RawClient.Answer answer = server.get("/v1/hardware", bearer(ANN));
      assertEquals(200, answer.status(), answer::text);
      assertEquals("slow", answer.at("guard.level"));
      assertTrue(
          answer
              .text()
              .contains("\"devices\":[{\"device\":\"GPU-1\",\"level\":\"slow\",\"why\":\"" + words),
          answer::text);
      assertTrue(
          answer
              .text()
              .contains(
                  "{\"kind\":\"gpu\",\"id\":\"GPU-1\",\"name\":\"Tesla \\\"V100\\\"\","
                      + "\"address\":\"0000:01:00.0\","
                      + "\"event_reasons\":[\"power limit\",\"hardware: too hot\"],"
                      + "\"values\":{\"core_celsius\":{\"value\":71.5,\"age_ms\":40},"
                      + "\"memory_celsius\":{\"missing\":\"the GPU is lost\"},"),
          answer::text);
      assertTrue(answer.text().contains("\"state\":\"late\",\"why\":\"no answer for 9 s\""));
    }
  }

  @Test
  void keepsWhatWasMeasuredOverAnEnd() throws IOException {
    try (TestServer server = new TestServer(config().withSampler(new FixedSampler(SNAPSHOT)))) {
      assertEquals(200, server.get("/v1/hardware/history", bearer(ANN)).status());
    }
    try (TestServer server = new TestServer(config())) {
      RawClient.Answer answer =
          server.get("/v1/hardware/history?hours=1&metric=core_celsius", bearer(ANN));
      assertEquals(200, answer.status(), answer::text);
      assertEquals(10L, answer.at("step_seconds"));
      Map<?, ?> series = (Map<?, ?>) ((List<?>) answer.at("data")).getFirst();
      assertEquals("GPU-1", series.get("id"));
      assertEquals(1, ((List<?>) series.get("points")).size());
      assertEquals(1, ((List<?>) answer.at("data")).size());
      assertEquals(
          840L, server.get("/v1/hardware/history?hours=168", bearer(ANN)).at("step_seconds"));
      for (String wrong : List.of("hours=0", "hours=169", "hours=x", "metric=weather")) {
        assertEquals(400, server.get("/v1/hardware/history?" + wrong, bearer(ANN)).status(), wrong);
      }
      assertEquals(400, server.get("/v1/hardware", bearer(ANN)).status(), "nobody measures");
    }
  }

  @Test
  void aServerThatKeepsNothingHasNoHistory() throws IOException {
    ServerConfig config = ServerConfig.defaults().withSampler(new FixedSampler(SNAPSHOT));
    try (TestServer server = new TestServer(config)) {
      assertEquals(200, server.get("/v1/hardware").status());
      assertFalse(server.get("/v1/hardware").text().contains("guard"), "nobody guards");
      assertEquals(400, server.get("/v1/hardware/history").status());
    }
  }

  @Test
  void theDoctorExaminesThisMachineForAdministrators() throws IOException {
    try (TestServer server = new TestServer(config())) {
      assertEquals(403, server.get("/admin/hardware/findings", bearer(BOB)).status());
      RawClient.Answer answer = server.get("/admin/hardware/findings", bearer(ANN));
      assertEquals(200, answer.status(), answer::text);
      assertTrue(answer.text().contains("{\"id\":\"gpu.present\","), answer::text);
    }
  }

  @Test
  void prometheusHearsUnits() throws IOException {
    ServerConfig config = ServerConfig.defaults().withSampler(new FixedSampler(SNAPSHOT));
    try (TestServer server = new TestServer(config)) {
      String page = server.get("/metrics").text();
      String gpu = "{kind=\"gpu\",device=\"GPU-1\",name=\"Tesla \\\"V100\\\"\"} ";
      assertTrue(page.contains("solebox_hardware_core_celsius" + gpu + "71.5\n"), page);
      assertTrue(page.contains("solebox_hardware_energy_joules_total" + gpu + "5000\n"), page);
      assertTrue(page.contains("# TYPE solebox_hardware_energy_joules_total counter\n"), page);
      assertTrue(page.contains("solebox_hardware_xid_total" + gpu + "2\n"), page);
      assertTrue(!page.contains("memory_celsius"), "what is not measured has no sample");
      assertTrue(page.contains("solebox_hardware_source_answers{source=\"w1/28-1\"} 0\n"), page);
      assertTrue(page.contains("solebox_hardware_source_age_seconds{source=\"nvml\"} 1.5\n"), page);
    }
  }
}
