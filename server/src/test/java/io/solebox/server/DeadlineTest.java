package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No request is answered for ever. */
@Timeout(60)
class DeadlineTest {
  private static TestServer server() {
    return new TestServer(
        ServerConfig.defaults()
            .withLimits(HttpLimits.defaults().withRequestTime(Duration.ofMillis(300))));
  }

  @Test
  void answersWithoutAnEndEndAllTheSame() throws Exception {
    try (TestServer server = server()) {
      server.model.pace(0, 20);
      RawClient.Answer whole = server.postChat("!forever", ",\"max_tokens\":1900");
      assertEquals(503, whole.status());
      assertEquals("deadline_exceeded", whole.at("error.code"));
      RawClient.Answer streamed =
          server.postChat("!forever", ",\"max_tokens\":1900,\"stream\":true");
      assertTrue(streamed.events().getLast().contains("deadline_exceeded"), streamed::text);
      assertEquals(0, server.model.running());
    }
  }

  @Test
  void theConnectionGoesOn() throws Exception {
    try (TestServer server = server();
        RawClient client = server.client()) {
      server.model.pace(0, 20);
      client.post("/v1/chat/completions", TestServer.chat("!forever", ",\"max_tokens\":1900"));
      assertEquals(503, client.receive().status());
      client.post("/v1/chat/completions", TestServer.chat("fine", ""));
      assertEquals("fine", client.receive().at("choices.0.message.content"));
    }
  }

  @Test
  void whatIsNotYetComputedEndsWithTheSameWords() throws Exception {
    try (TestServer server = server();
        RawClient client = server.client()) {
      String body = TestServer.chat("fine", "");
      client.send(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
              + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                  .formatted(body.length())
              + body.substring(1));
      RawClient.Answer answer = client.receive();
      assertEquals(503, answer.status());
      assertEquals("deadline_exceeded", answer.at("error.code"));
    }
  }

  @Test
  void whoWatchesModelsIsSentAwayToComeAgain() throws Exception {
    try (TestServer server = server()) {
      RawClient.Answer told = server.get("/models/sse");
      assertTrue(told.events().getFirst().contains("\"loaded\""), told::text);
    }
  }
}
