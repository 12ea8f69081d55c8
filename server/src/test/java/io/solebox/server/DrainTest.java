package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void readersThatDoNotReadDoNotHoldIt() throws Exception {
    TestServer server = new TestServer();
    List<RawClient> clients = new ArrayList<>();
    String body =
        "{\"prompt\":\"abc\",\"stream\":true,\"ignore_eos\":true,\"max_tokens\":100000,\"logprobs\":2}";
    try {
      for (int i = 0; i < 4; i++) {
        RawClient client = new RawClient(server.server.port(), 2048);
        clients.add(client);
        for (int request = 0; request < 20; request++) {
          client.post("/v1/completions", body);
        }
      }
      Thread.sleep(1000); // what the systems buffer is full by now
      long begin = System.nanoTime();
      server.server.drain(Duration.ofSeconds(25));
      server.close();
      assertTrue(System.nanoTime() - begin < Duration.ofSeconds(6).toNanos());
      assertEquals(0, server.model.running());
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void connectionsEndWithTheirAnswersMeanwhile() throws Exception {
    TestServer server = new TestServer();
    server.model.pace(0, 100);
    try (RawClient busy = server.client();
        RawClient idle = server.client()) {
      busy.post("/v1/completions", "{\"prompt\":\"abcdef\"}");
      while (server.model.running() == 0) {
        Thread.sleep(10);
      }
      Thread drain = drain(server, Duration.ofSeconds(20));
      idle.post("/v1/completions", "{\"prompt\":\"x\"}");
      RawClient.Answer refused = idle.receive();
      assertEquals(503, refused.status());
      assertEquals("close", refused.header("Connection"));
      assertTrue(idle.closedByServer());
      assertEquals("close", busy.receive().header("Connection"));
      drain.join();
    } finally {
      server.close();
    }
  }
}
