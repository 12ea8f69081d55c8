package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A client that goes away frees its slot, which would be held for a minute or for ever; one that
 * stays is served on.
 */
class DisconnectTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private TestServer server;

  /** Over what the same must hold. */
  ServerConfig config() {
    return ServerConfig.defaults();
  }

  @BeforeEach
  void start() {
    server = new TestServer(config());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "streamed, prefill, close",
    "streamed, prefill, reset",
    "streamed, decode, close",
    "streamed, decode, reset",
    "whole, prefill, close",
    "whole, prefill, reset",
    "whole, decode, close",
    "whole, decode, reset"
  })
  void slotIsFreed(String how, String when, String end) throws Exception {
    server.model.pace(when.equals("prefill") ? 60_000 : 0, 200);
    try (RawClient client = server.client()) {
      client.post(
          "/v1/chat/completions",
          TestServer.chat("!forever", how.equals("streamed") ? ",\"stream\":true" : ""));
      assertTrue(within(LIMIT, () -> server.model.running() == 1));
      if (how.equals("streamed")) {
        assertEquals("HTTP/1.1 200 OK", client.line());
      }
      Thread.sleep(300); // well into the phase
      assertEquals(1, server.model.running());
      if (end.equals("reset")) {
        client.reset();
      }
    }
    assertTrue(within(LIMIT, () -> server.model.running() == 0), "the slot is still held");
    server.model.pace(0, 0);
    assertEquals(200, server.postChat("still here", "").status());
  }

  @Test
  void connectionServesOneRequestAfterAnother() throws IOException {
    try (RawClient client = server.client()) {
      for (int i = 0; i < 20; i++) {
        String more = i % 2 == 0 ? "" : ",\"stream\":true";
        client.post("/v1/chat/completions", TestServer.chat("answer " + i, more));
        RawClient.Answer answer = client.receive();
        assertEquals(200, answer.status());
        if (i % 2 == 0) {
          assertEquals("answer " + i, answer.at("choices.0.message.content"));
        } else {
          assertEquals("[DONE]", answer.events().getLast());
        }
        client.request("GET", "/health", new byte[0]);
        assertEquals("ok", client.receive().at("status"));
      }
    }
  }

  @Test
  void requestsSentAheadAreAnsweredInOrder() throws Exception {
    server.model.pace(200, 1);
    String filler = ",\"metadata\":{\"x\":\"" + "y".repeat(30_000) + "\"}";
    try (RawClient client = server.client()) {
      // More than the server reads ahead, so that it also has to wait for room.
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 8; i++) {
                        client.post("/v1/chat/completions", TestServer.chat("ahead " + i, filler));
                      }
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                  });
      for (int i = 0; i < 8; i++) {
        assertEquals("ahead " + i, client.receive().at("choices.0.message.content"));
      }
      writer.join();
    }
  }

  @Test
  void goingAwayAfterSendingAheadFreesTheSlotToo() throws Exception {
    server.model.pace(60_000, 0);
    try (RawClient client = server.client()) {
      client.post("/v1/chat/completions", TestServer.chat("first", ""));
      client.post("/v1/chat/completions", TestServer.chat("second", ""));
      assertTrue(within(LIMIT, () -> server.model.running() == 1));
    }
    assertTrue(within(LIMIT, () -> server.model.running() == 0), "the slot is still held");
  }

  private static boolean within(Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    Instant end = Instant.now().plus(limit);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
      Thread.sleep(10);
    }
    return true;
  }
}
