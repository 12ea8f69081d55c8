package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Sensor;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What requests hear while the hardware must not take new work. */
class GuardedServerTest {
  private final AtomicReference<Ruling> ruling = new AtomicReference<>(Ruling.NOTHING);

  private static Ruling at(Level level) {
    var reason =
        new Ruling.Reason(
            level, Sensor.CORE, OptionalDouble.of(86), "the core of Tesla V100 is at 86 °C");
    return new Ruling(
        level, List.of(new Ruling.Device("GPU-1", "Tesla V100", level, List.of(reason))));
  }

  private TestServer server() {
    return new TestServer(ServerConfig.defaults().withGuard(ruling::get));
  }

  @Test
  void newWorkIsRefusedWithTheReasonUntilItIsCoolAgain() throws IOException {
    try (TestServer server = server()) {
      assertEquals(200, server.postChat("fine", "").status());
      ruling.set(at(Level.SLOW));
      assertEquals(200, server.postChat("slow", "").status());
      assertEquals("slow", server.get("/health").at("hardware.level"));
      assertEquals("ok", server.get("/health").at("status"));

      ruling.set(at(Level.PAUSED));
      RawClient.Answer refused = server.postChat("no", "");
      assertEquals(503, refused.status());
      assertEquals("30", refused.header("retry-after"));
      assertEquals("hardware_guard", refused.at("error.code"));
      assertEquals("paused", refused.at("error.level"));
      assertTrue(refused.at("error.message").toString().contains("at 86 °C"));
      assertEquals(503, server.post("/v1/embeddings", "{\"input\":\"x\"}").status());
      RawClient.Answer health = server.get("/health");
      assertEquals(503, health.status());
      assertEquals("paused", health.at("status"));
      assertEquals("the core of Tesla V100 is at 86 °C", health.at("hardware.devices.0.reasons.0"));
      assertEquals(503, server.get("/readyz").status());
      assertEquals(200, server.get("/healthz").status(), "nobody should restart it for that");
      String metrics = server.get("/metrics").text();
      assertTrue(metrics.contains("solebox_guard_level 3\n"), metrics);
      assertTrue(
          metrics.contains("solebox_guard_device_level{device=\"GPU-1\",name=\"Tesla V100\"} 3\n"));

      ruling.set(at(Level.WARN));
      assertEquals(200, server.postChat("fine", "").status());
      assertFalse(server.get("/health").at("hardware") == null);
    }
  }

  @Test
  void anAnswerThatBreaksOffSaysWhy() throws IOException {
    try (TestServer server = server()) {
      server.engine.add(
          "hot",
          _ -> {
            throw new SoleboxException(
                ErrorCode.HARDWARE_GUARD, "GPU-1", "The core is at 90 °C.", "Try again later.");
          });
      RawClient.Answer refused =
          server.post("/v1/chat/completions", TestServer.chat("x", "").replace("echo", "hot"));
      assertEquals(503, refused.status());
      assertEquals("hardware_guard", refused.at("error.code"));
      assertEquals("30", refused.header("retry-after"));
    }
  }
}
