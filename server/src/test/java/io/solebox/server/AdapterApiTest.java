package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.model.adapter.AdapterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real model with two adapters, asked for them as clients do. */
@Timeout(120)
class AdapterApiTest {
  private static final Path REFERENCES = Path.of("../engine-testkit/src/test");
  private static final String IDS = "[1,30,52,29,40,61,33,35,28,44,7,51]";

  private static Engine engine;
  private static ModelHost host;
  private static SoleboxServer server;

  @BeforeAll
  static void start() {
    Path adapters = REFERENCES.resolve("adapters");
    assumeTrue(Files.isDirectory(adapters), "SKIPPED: no " + adapters);
    LoadOptions options =
        LoadOptions.defaults()
            .withContext(256)
            .withParallel(8)
            .withAdapters(
                List.of(
                    new AdapterOptions("poet", adapters.resolve("poet/poet.gguf")),
                    new AdapterOptions("clerk", adapters.resolve("clerk/clerk.gguf"))));
    Path file = REFERENCES.resolve("reference/llama-linear/llama-linear-f32.gguf");
    engine = Engine.open("cpu", 2);
    host =
        new ModelHost(
            engine,
            Catalog.of(List.of(new Catalog.Offer("tiny", file, options))),
            LoadGate.OPEN,
            new LoadWatcher() {});
    server = SoleboxServer.start(ServerConfig.defaults().withPort(0), host);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
      host.close();
      engine.close();
    }
  }

  private static RawClient.Answer post(String model, String more) throws IOException {
    String body =
        "{\"model\":\"%s\",\"temperature\":0,\"ignore_eos\":true,\"max_tokens\":16,\"prompt\":%s%s}"
            .formatted(model, IDS, more);
    try (RawClient client = new RawClient(server.port())) {
      client.post("/v1/completions", body);
      return client.receive();
    }
  }

  private static String text(String model, String more) throws IOException {
    RawClient.Answer answer = post(model, more);
    assertEquals(200, answer.status(), answer.text());
    return (String) RawClient.at(answer.json(), "choices.0.text");
  }

  private static RawClient.Answer get(String path) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.request("GET", path, new byte[0]);
      return client.receive();
    }
  }

  @Test
  void modelsAreListedWithTheirAdapters() throws IOException {
    List<?> cards = (List<?>) get("/v1/models").json().get("data");
    List<Object> ids = new ArrayList<>();
    cards.forEach(card -> ids.add(((Map<?, ?>) card).get("id")));
    assertEquals(List.of("tiny", "tiny:poet", "tiny:clerk"), ids);
    Map<String, Object> card = get("/v1/models/tiny:clerk").json();
    assertEquals("tiny:clerk", card.get("id"));
    assertEquals("tiny", RawClient.at(card, "solebox.base_model"));
    assertEquals("clerk", RawClient.at(card, "solebox.adapter"));
  }

  @Test
  void anAdapterIsChosenByNameOrByField() throws IOException {
    String alone = text("tiny", "");
    String poet = text("tiny:poet", "");
    String clerk = text("tiny:clerk", "");
    assertNotEquals(alone, poet);
    assertNotEquals(alone, clerk);
    assertNotEquals(poet, clerk);
    assertEquals(poet, text("tiny", ",\"adapter\":\"poet\""));
    assertEquals(clerk, text("TINY.gguf:clerk", ""));
    assertEquals(alone, text("tiny:latest", ""));
    assertEquals("tiny:poet", post("tiny:poet", "").json().get("model"));
  }

  @Test
  void unknownAdaptersAre404WithWhatThereIs() throws IOException {
    RawClient.Answer unknown = post("tiny:cook", "");
    assertEquals(404, unknown.status());
    assertEquals("model_not_found", RawClient.at(unknown.json(), "error.code"));
    assertTrue(unknown.text().contains("tiny, tiny:poet, tiny:clerk"), unknown.text());
    RawClient.Answer field = post("tiny", ",\"adapter\":\"cook\"");
    assertEquals(404, field.status());
    assertEquals("adapter_not_found", RawClient.at(field.json(), "error.code"));
    assertTrue(field.text().contains("poet, clerk"), field.text());
    assertEquals(404, get("/v1/models/tiny:cook").status());
  }

  @Test
  void twoAdaptersAtOnceAreRefused() throws IOException {
    RawClient.Answer both = post("tiny:poet", ",\"adapter\":\"clerk\"");
    assertEquals(400, both.status());
    assertEquals("invalid_value", RawClient.at(both.json(), "error.code"));
    assertEquals("adapter", RawClient.at(both.json(), "error.param"));
    assertEquals(text("tiny:poet", ""), text("tiny:poet", ",\"adapter\":\"poet\""));
  }

  /** Requests for several adapters and for none share steps; each answers as if alone. */
  @Test
  void mixedRequestsAnswerAsEachAlone() throws Exception {
    Map<String, String> alone = new LinkedHashMap<>();
    for (String model : List.of("tiny:poet", "tiny", "tiny:clerk")) {
      alone.put(model, text(model, ""));
    }
    try (ExecutorService clients = Executors.newFixedThreadPool(9)) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        for (String model : alone.keySet()) {
          answers.add(clients.submit(() -> text(model, "")));
        }
      }
      List<String> expected = List.copyOf(alone.values());
      for (int i = 0; i < answers.size(); i++) {
        assertEquals(expected.get(i % expected.size()), answers.get(i).get());
      }
    }
  }

  /** What the model thinks of a prompt is another with an adapter. */
  @Test
  void logprobsOfThePromptAreTheAdapters() throws IOException {
    String more = ",\"echo\":true,\"logprobs\":1,\"max_tokens\":0";
    String body = "{\"model\":\"%s\",\"prompt\":" + IDS + more + "}";
    List<String> scores = new ArrayList<>();
    for (String model : List.of("tiny", "tiny:poet")) {
      try (RawClient client = new RawClient(server.port())) {
        client.post("/v1/completions", body.formatted(model));
        RawClient.Answer answer = client.receive();
        assertEquals(200, answer.status(), answer.text());
        scores.add(String.valueOf(RawClient.at(answer.json(), "choices.0.logprobs")));
      }
    }
    assertNotEquals(scores.get(0), scores.get(1));
  }
}
