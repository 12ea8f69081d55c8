package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.http.HttpLimits;
import io.solebox.server.http.HttpLimits.Times;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client hears, and what becomes of it, while its model is loaded. */
@Timeout(60)
class LoadProgressTest {
  /** A load that gets on as far as a test lets it. */
  private static final class Slow implements EchoEngine.Load {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final boolean fails;

    Slow(boolean fails) {
      this.fails = fails;
    }

    @Override
    public LoadedModel load(Progress progress) {
      try {
        for (int percent = 0; !go.await(20, TimeUnit.MILLISECONDS); percent++) {
          progress.report("reading weights", Math.min(0.99, percent / 100.0));
          begun.countDown();
          if (progress.cancelled()) {
            throw new SoleboxException(ErrorCode.CANCELLED, "", "It was given up.", "Ask again.");
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (fails) {
        throw new SoleboxException(ErrorCode.BAD_MODEL_FILE, "", "It is cut short.", "Get it.");
      }
      return new EchoModel(true);
    }
  }

  private static TestServer server(Duration ping) {
    Duration time = Duration.ofSeconds(30);
    return new TestServer(
        ServerConfig.defaults()
            .withLimits(
                HttpLimits.defaults().withTimes(new Times(time, time, time, time, time, ping))));
  }

  private static String chat(String more) {
    return TestServer.chat("hello", more).replace("\"echo\"", "\"big\"");
  }

  /** Sends a request, reads some chunks, lets the load end, and takes the rest. */
  private static RawClient.Answer heard(
      TestServer server, Slow load, int chunks, String path, String body) throws Exception {
    try (RawClient client = server.client()) {
      client.post(path, body);
      return client.receive(chunks, load.go::countDown);
    }
  }

  /** Sends a request to which nothing is said before the load has ended, and lets it end. */
  private static RawClient.Answer unheard(TestServer server, Slow load, String path, String body)
      throws Exception {
    try (RawClient client = server.client()) {
      client.post(path, body);
      load.begun.await();
      load.go.countDown();
      return client.receive();
    }
  }

  @Test
  void aStreamTellsHowFarTheModelIsWhereThatIsAskedFor() throws Exception {
    try (TestServer server = server(Duration.ofSeconds(20))) {
      Slow load = new Slow(false);
      server.engine.add("big", load);
      RawClient.Answer answer =
          heard(
              server,
              load,
              8,
              "/v1/chat/completions",
              chat(",\"stream\":true,\"return_progress\":true"));
      List<java.util.Map<String, Object>> chunks = Chunks.of(answer);
      List<Double> values =
          chunks.stream()
              .filter(chunk -> chunk.containsKey("load_progress"))
              .filter(chunk -> RawClient.at(chunk, "load_progress.stage").equals("reading weights"))
              .map(chunk -> ((Number) RawClient.at(chunk, "load_progress.value")).doubleValue())
              .toList();
      assertTrue(values.size() > 1, answer::text);
      assertEquals(values.stream().sorted().distinct().toList(), values);
      assertEquals(List.of(), chunks.getFirst().get("choices"));
      assertTrue(
          answer.text().contains("\"content\":\"hello\"") || answer.text().contains("\"o\""));
      assertEquals("stop", RawClient.at(chunks.getLast(), "choices.0.finish_reason"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions |"
            + " {\"model\":\"big\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            + " | : ping",
        "/v1/completions | {\"model\":\"big\",\"stream\":true,\"prompt\":\"x\"} | : ping",
        "/completion | {\"model\":\"big\",\"stream\":true,\"prompt\":\"x\"} | : ping",
        "/v1/responses | {\"model\":\"big\",\"stream\":true,\"input\":\"x\",\"store\":false} | :"
            + " ping",
        "/v1/messages |"
            + " {\"model\":\"big\",\"stream\":true,\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
            + " | event: ping",
        "/api/generate | {\"model\":\"big\",\"prompt\":\"x\"} | \"response\":\"\",\"done\":false"
      })
  void aSilentStreamIsKeptAlive(String path, String body, String ping) throws Exception {
    try (TestServer server = server(Duration.ofMillis(50))) {
      Slow load = new Slow(false);
      server.engine.add("big", load);
      RawClient.Answer answer = heard(server, load, 1, path, body);
      assertEquals(200, answer.status(), answer::text);
      String first = answer.text().split("\n\n|\n\\{")[0];
      assertTrue(first.contains(ping), answer::text);
      assertTrue(answer.text().contains("\"x\""), answer::text);
    }
  }

  /** As with a large file on a slow disk, where nothing changes for minutes. */
  @Test
  void aLoadThatDoesNotGetOnIsNotSilence() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (TestServer server = server(Duration.ofMillis(50));
        RawClient client = server.client();
        AutoCloseable _ = go::countDown) { // the server waits for its loads
      server.engine.add(
          "big",
          progress -> {
            progress.report("reading weights", 0.5);
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return new EchoModel(true);
          });
      client.post("/v1/chat/completions", chat(",\"stream\":true"));
      assertEquals("HTTP/1.1 200 OK", client.line());
      client.headers();
      client.line(); // the size of the first chunk
      assertEquals(": ping", client.line());
    }
  }

  /** Whole answers, and streams that fail soon, have a status of their own. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void beforeTheStreamBeginsAFailureHasItsStatus(String more) throws Exception {
    try (TestServer server = server(Duration.ofSeconds(20))) {
      Slow load = new Slow(true);
      server.engine.add("big", load);
      RawClient.Answer answer = unheard(server, load, "/v1/chat/completions", chat(more));
      assertEquals(500, answer.status());
      assertEquals("bad_model_file", answer.at("error.code"));
    }
  }

  @Test
  void behindThatItIsTheStreamsLastEvent() throws Exception {
    try (TestServer server = server(Duration.ofMillis(50))) {
      String[] paths = {"/v1/chat/completions", "/v1/messages", "/api/chat"};
      for (String path : paths) {
        Slow load = new Slow(true);
        server.engine.add("big", load);
        RawClient.Answer answer =
            heard(
                server,
                load,
                1,
                path,
                chat(",\"stream\":true,\"max_tokens\":9")
                    .replace(path.startsWith("/api") ? ",\"max_tokens\":9" : "none", ""));
        assertEquals(200, answer.status(), answer::text);
        String last = answer.text().strip().replaceAll("(?s).*\n\n|.*\n(?=\\{)", "");
        assertTrue(last.contains("It is cut short."), answer::text);
        assertEquals(path.equals("/v1/messages"), last.startsWith("event: error"), last);
      }
    }
  }

  @Test
  void ofAResponseThatEventHasANumber() throws Exception {
    try (TestServer server = server(Duration.ofMillis(50))) {
      Slow load = new Slow(true);
      server.engine.add("big", load);
      RawClient.Answer answer =
          heard(
              server,
              load,
              1,
              "/v1/responses",
              "{\"model\":\"big\",\"stream\":true,\"input\":\"x\",\"store\":false}");
      String last = answer.text().strip().replaceAll("(?s).*\n\n", "");
      assertTrue(last.startsWith("event: error\ndata: {\"type\":\"error\","), last);
      assertTrue(last.contains("\"sequence_number\":0"), last);
    }
  }

  /** Ollama's word for a request that asks for nothing but its model. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLoadAloneEndsAStreamThatHasBegun(boolean stream) throws Exception {
    try (TestServer server = server(Duration.ofMillis(50))) {
      for (String path : List.of("/api/chat", "/api/generate")) {
        Slow load = new Slow(false);
        server.engine.add("big", load);
        String body = "{\"model\":\"big\",\"stream\":%s}".formatted(stream);
        RawClient.Answer answer =
            stream ? heard(server, load, 2, path, body) : unheard(server, load, path, body);
        assertEquals(200, answer.status(), answer::text);
        var last = answer.lines().getLast();
        assertEquals("load", last.get("done_reason"), answer::text);
        assertEquals(true, last.get("done"));
        assertEquals(stream, answer.lines().size() > 1, answer::text);
        server.host.unload("big", Progress.none());
      }
    }
  }

  @Test
  void aModelThatIsToLeaveNeedNotComeForThat() throws Exception {
    try (TestServer server = server(Duration.ofSeconds(20))) {
      Slow load = new Slow(false);
      server.engine.add("big", load);
      for (String path : List.of("/api/chat", "/api/generate")) {
        String body = "{\"model\":\"big\",\"keep_alive\":0,\"options\":{\"num_ctx\":4}}";
        RawClient.Answer answer = server.post(path, body);
        assertEquals("unload", answer.at("done_reason"), answer::text);
        assertEquals(404, server.post(path, body.replace("big", "none")).status());
        assertEquals(400, server.post(path, body.replace("options", "opions")).status());
      }
      assertEquals(1, load.begun.getCount());
    }
  }

  @Test
  void adaptersAreToldWithoutAModel() throws Exception {
    EchoEngine engine = new EchoEngine();
    Slow load = new Slow(false);
    engine.add("big", load);
    try (ModelHost host = new ModelHost(engine, engine, LoadGate.OPEN, new LoadWatcher() {});
        SoleboxServer server = SoleboxServer.start(ServerConfig.defaults().withPort(0), host);
        RawClient client = new RawClient(server.port())) {
      client.request("GET", "/lora-adapters", new byte[0]);
      assertEquals("[]", client.receive().text());
      assertEquals(1, load.begun.getCount());
    }
  }

  private static double gone(TestServer server) throws IOException {
    return server
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith("solebox_clients_gone_total"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll(".* ", "")))
        .sum();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true,\"return_progress\":true"})
  void aClientThatLeavesIsNoticedAtOnce(String more) throws Exception {
    try (TestServer server = server(Duration.ofSeconds(20))) {
      Slow load = new Slow(false);
      server.engine.add("big", load);
      try (RawClient client = server.client()) {
        client.post("/v1/chat/completions", chat(more));
        load.begun.await();
        assertEquals(0, gone(server));
      }
      for (int i = 0; i < 100 && gone(server) == 0; i++) {
        Thread.sleep(20);
      }
      assertEquals(1, gone(server));
      assertEquals(1, load.go.getCount(), "the load goes on");
      load.go.countDown();
      RawClient.Answer other = server.post("/v1/chat/completions", chat(""));
      assertEquals("hello", other.at("choices.0.message.content"), other::text);
      assertFalse(other.text().contains("load_progress"));
    }
  }
}
