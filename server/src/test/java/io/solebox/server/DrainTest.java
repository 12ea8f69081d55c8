package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop lets running answers end, for a while. */
@Timeout(30)
class DrainTest {
  private static Thread drain(TestServer server, Duration limit) throws Exception {
    Thread drain =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    server.server.drain(limit);
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    while (!server.get("/health").at("status").equals("draining")) {
      Thread.sleep(10);
    }
    return drain;
  }

  @Test
  void runningAnswersEndAndNewOnesAreRefused() throws Exception {
    TestServer server = new TestServer();
    server.model.pace(0, 100);
    try (RawClient client = server.client()) {
      client.post("/v1/chat/completions", TestServer.chat("ten chars!", ""));
      while (server.model.running() == 0) {
        Thread.sleep(10);
      }
      Thread drain = drain(server, Duration.ofSeconds(20));
      RawClient.Answer refused = server.postChat("hi", "");
      assertEquals(503, refused.status());
      assertEquals("shutting_down", refused.at("error.code"));
      assertEquals("ten chars!", client.receive().at("choices.0.message.content"));
      drain.join();
    }
    int port = server.server.port();
    server.close();
    assertThrows(IOException.class, () -> new RawClient(port));
  }

  @Test
  void whatTakesTooLongIsBrokenOff() throws Exception {
    TestServer server = new TestServer();
    server.model.pace(0, 100);
    try (RawClient whole = server.client();
        RawClient streamed = server.client()) {
      whole.post("/v1/chat/completions", TestServer.chat("!forever", ""));
      streamed.post("/v1/chat/completions", TestServer.chat("!forever", ",\"stream\":true"));
      while (server.model.running() < 2) {
        Thread.sleep(10);
      }
      drain(server, Duration.ofMillis(300)).join();
      assertEquals(0, server.model.running());
      assertEquals("shutting_down", whole.receive().at("error.code"));
      assertTrue(streamed.receive().events().getLast().contains("shutting_down"));
    } finally {
      server.close();
    }
  }

  @Test
  void closeWithoutDrainIsQuick() throws Exception {
    TestServer server = new TestServer();
    server.model.pace(60_000, 0);
    try (RawClient client = server.client();
        RawClient idle = server.client()) {
      client.post("/v1/chat/completions", TestServer.chat("x", ""));
      while (server.model.running() == 0) {
        Thread.sleep(10);
      }
      server.close();
      assertEquals(0, server.model.running());
      assertEquals(503, client.receive().status());
      assertTrue(idle.closedByServer());
    }
  }
}
