package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code /health} is never green while answers fail. */
class HealthTest {
  @Test
  void answersThatFailMakeItRedUntilOneSucceeds() throws IOException {
    PrintStream stderr = System.err;
    System.setErr(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    try (TestServer server = new TestServer()) {
      assertEquals(200, server.get("/health").status());
      assertEquals(500, server.postChat("!fail", "").status());
      RawClient.Answer red = server.get("/health");
      assertEquals(503, red.status());
      assertEquals("failing", red.at("status"));
      assertEquals("failing", red.at("models.0.state"));
      assertEquals("io_error", red.at("models.0.code"));
      assertEquals("failing", server.get("/v1/models").at("data.0.solebox.state"));
      assertEquals(200, server.postChat("fine", "").status());
      assertEquals(200, server.get("/health").status());
      server.postChat("!fail", ",\"stream\":true");
      assertEquals(503, server.get("/health").status());
    } finally {
      System.setErr(stderr);
    }
  }

  @Test
  void whoIsReadyIsToldApartFromWhoIsThere() throws Exception {
    TestServer server = new TestServer();
    try (server) {
      for (String path : List.of("/health/live", "/healthz", "/health/ready", "/readyz")) {
        assertEquals(200, server.get(path).status(), path);
        assertEquals("ok", server.get(path).at("status"));
      }
      // A jar has a version, and a folder of classes none.
      String version =
          Optional.ofNullable(SoleboxServer.class.getModule().getDescriptor())
              .flatMap(ModuleDescriptor::rawVersion)
              .orElse("development");
      assertEquals(version, server.get("/version").at("version"));
      assertEquals(false, server.get("/version").at("air_gap"));
      EchoModel own = new EchoModel(true);
      server.ready("own", own);
      own.failure(
          Optional.of(new SoleboxException(ErrorCode.INTERNAL_ERROR, "", "It ended.", "Restart.")));
      assertEquals(503, server.get("/health").status(), "one is not well");
      assertEquals(200, server.get("/health/ready").status(), "the other answers");
      server.engine.remove("echo");
      assertEquals(503, server.get("/readyz").status());
      assertEquals("unavailable", server.get("/readyz").at("status"));
      own.failure(Optional.empty());
      assertEquals(200, server.get("/readyz").status());
      server.server.drain(Duration.ofSeconds(5));
      assertEquals(503, server.get("/readyz").status());
      assertEquals(200, server.get("/healthz").status());
    }
  }

  @Test
  void wrongRequestsDoNot() throws IOException {
    try (TestServer server = new TestServer()) {
      assertEquals(400, server.postChat("x".repeat(2500), "").status());
      assertEquals(400, server.postChat("x", ",\"temperature\":-1").status());
      assertEquals("ok", server.get("/health").at("status"));
    }
  }

  @Test
  void whatAModelSaysOfItselfCounts() throws IOException {
    EchoModel own = new EchoModel(true);
    try (TestServer server = new TestServer()) {
      server.ready("own", own);
      assertEquals("ok", server.get("/health").at("status"));
      own.failure(
          Optional.of(
              new SoleboxException(
                  ErrorCode.INTERNAL_ERROR, "", "The engine loop ended.", "Restart it.")));
      assertEquals("failing", server.get("/health").at("status"));
      assertEquals("internal_error", server.get("/health").at("models.1.code"));
      own.failure(Optional.empty());
      assertEquals("ok", server.get("/health").at("status"));
    }
  }
}
