package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests for models that are not loaded yet, or cannot be. */
@Timeout(60)
class LoadingTest {
  /** A load that gets as far as 42.5 % and goes on when a test says so. */
  private static final class Held implements EchoEngine.Load {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    @Override
    public LoadedModel load(Progress progress) {
      progress.report("reading weights", 0.425);
      begun.countDown();
      try {
        while (!go.await(5, TimeUnit.MILLISECONDS)) {
          if (progress.cancelled()) {
            return fail(ErrorCode.CANCELLED, "The load was given up.");
          }
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return new EchoModel(true);
    }
  }

  private static RawClient.Answer ask(TestServer server, String model) throws IOException {
    return server.post(
        "/v1/chat/completions",
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}".formatted(model));
  }

  private static TestServer impatient() {
    return new TestServer(ServerConfig.defaults().withLoadWait(Duration.ofMillis(50)));
  }

  @Test
  void requestsLoadWhatTheyName() throws IOException {
    try (TestServer server = new TestServer()) {
      server.engine.add("second", _ -> new EchoModel(true));
      assertEquals("unloaded", server.get("/v1/models/second").at("solebox.state"));
      assertEquals("ok", server.get("/health").at("status"));
      assertEquals("x", ask(server, "second").at("choices.0.message.content"));
      assertEquals("ready", server.get("/v1/models/second").at("solebox.state"));
    }
  }

  @Test
  void requestsWaitForTheirModel() throws Exception {
    try (TestServer server = new TestServer()) {
      Held held = new Held();
      server.engine.add("big", held);
      var answers =
          new CompletableFuture[] {
            CompletableFuture.supplyAsync(() -> quietly(server)),
            CompletableFuture.supplyAsync(() -> quietly(server))
          };
      held.begun.await();
      assertFalse(answers[0].isDone() || answers[1].isDone());
      held.go.countDown();
      for (var answer : answers) {
        assertEquals(200, answer.get());
      }
    }
  }

  private static int quietly(TestServer server) {
    try {
      return ask(server, "big").status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void patienceEndsWithTheProgressAndTheLoadGoesOn() throws Exception {
    try (TestServer server = impatient()) {
      Held held = new Held();
      server.engine.add("big", held);
      server.host.preload("big");
      held.begun.await();
      RawClient.Answer answer = ask(server, "big");
      assertEquals(503, answer.status());
      assertEquals("model_loading", answer.at("error.code"));
      assertEquals("model", answer.at("error.param"));
      assertEquals(0.425, answer.at("error.progress"));
      assertEquals("5", answer.headers().get("retry-after"));
      assertEquals("ok", server.get("/health").at("status"));
      server.engine.remove("echo");
      RawClient.Answer health = server.get("/health");
      assertEquals(503, health.status());
      assertEquals("loading", health.at("status"));
      assertEquals(0.425, health.at("fraction"));
      held.go.countDown();
      server.host.use("big", Progress.none()).close();
      assertEquals(200, ask(server, "big").status());
    }
  }

  @Test
  void loadsThatFailSayWhyAndAreTriedAgain() throws IOException {
    try (TestServer server = new TestServer()) {
      server.engine.add("bad", _ -> fail(ErrorCode.BAD_MODEL_FILE, "The file is cut short."));
      server.engine.add("huge", _ -> fail(ErrorCode.OUT_OF_MEMORY, "It takes 99 GiB."));
      RawClient.Answer failed = ask(server, "bad");
      assertEquals(500, failed.status());
      assertEquals("bad_model_file", failed.at("error.code"));
      assertTrue(failed.text().contains("The file is cut short."), failed::text);
      assertEquals("failed", server.get("/v1/models/bad").at("solebox.state"));
      RawClient.Answer full = ask(server, "huge");
      assertEquals(503, full.status());
      assertEquals("out_of_memory", full.at("error.code"));
      server.engine.remove("echo");
      RawClient.Answer health = server.get("/health");
      assertEquals(503, health.status());
      assertEquals("failed", health.at("status"));
      server.engine.add("bad", _ -> new EchoModel(true));
      assertEquals(200, ask(server, "bad").status());
    }
  }

  private static LoadedModel fail(ErrorCode code, String message) {
    throw new SoleboxException(code, "f:1", message, "Get another file.");
  }

  @Test
  void loadsEndWithTheServersHost() throws Exception {
    try (TestServer server = new TestServer()) {
      Held held = new Held();
      server.engine.add("big", held);
      var answer = CompletableFuture.supplyAsync(() -> quietly(server));
      held.begun.await();
      server.host.stopLoading();
      assertEquals(503, answer.get());
    }
  }
}
