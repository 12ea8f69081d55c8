package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server over the real engine, with the smallest real model there is. */
@Timeout(120)
class RealModelTest {
  /** Where SOLEBOX_TESTDATA says, or beside the checkout. */
  private static final Path FOLDER =
      Path.of(System.getenv().getOrDefault("SOLEBOX_TESTDATA", "../../shared/testdata"))
          .resolve("stories260K");

  private static Engine engine;
  private static ModelHost host;
  private static SoleboxServer server;

  @BeforeAll
  static void start() {
    assumeTrue(Files.isDirectory(FOLDER), "SKIPPED: no " + FOLDER);
    LoadOptions options = LoadOptions.defaults().withParallel(8);
    Path file = FOLDER.resolve("stories260K-f32.gguf");
    engine = Engine.open("cpu", 2);
    host =
        new ModelHost(
            engine,
            Catalog.of(List.of(new Catalog.Offer("stories", file, options))),
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

  private static LoadedModel model() {
    return ((ModelState.Ready) host.state("stories")).model();
  }

  private static String body(String prompt, String more) {
    return "{\"model\":\"stories\",\"temperature\":0,\"prompt\":\"%s\"%s}".formatted(prompt, more);
  }

  private static RawClient.Answer post(String body) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      client.post("/v1/completions", body);
      return client.receive();
    }
  }

  @Test
  void greedyTextIsTheReferences() throws IOException {
    String expected = Files.readString(FOLDER.resolve("expected-greedy-200.test_all.txt")).strip();
    String start = "Once upon a time, there was";
    assertTrue(expected.startsWith(start));
    RawClient.Answer answer = post(body(start, ",\"max_tokens\":150"));
    String text = start + answer.at("choices.0.text");
    String shorter = text.length() < expected.length() ? text : expected;
    assertEquals(expected.substring(0, shorter.length()), text.substring(0, shorter.length()));
    assertEquals("length", answer.at("choices.0.finish_reason"));
    assertEquals(150L, answer.at("usage.completion_tokens"));
  }

  @Test
  void stopStringsAndLogprobs() throws IOException {
    RawClient.Answer answer =
        post(body("Once upon a time", ",\"max_tokens\":50,\"stop\":\"named\",\"logprobs\":2"));
    assertEquals(", there was a little girl ", answer.at("choices.0.text"));
    assertEquals("stop", answer.at("choices.0.finish_reason"));
    assertNotNull(answer.at("choices.0.logprobs.top_logprobs.0"));
    assertEquals(0L, answer.at("choices.0.logprobs.text_offset.0"));
  }

  @Test
  void echoScoresThePromptAsTheModelDid() throws IOException {
    String more = ",\"max_tokens\":6,\"logprobs\":2,\"ignore_eos\":true";
    RawClient.Answer answer = post(body("Once upon a time", more));
    String text = "Once upon a time" + answer.at("choices.0.text");
    RawClient.Answer echoed = post(body(text, ",\"max_tokens\":0,\"logprobs\":2,\"echo\":true"));
    assertEquals(text, echoed.at("choices.0.text"));
    List<?> scores = (List<?>) echoed.at("choices.0.logprobs.token_logprobs");
    List<?> said = (List<?>) answer.at("choices.0.logprobs.token_logprobs");
    assertNull(scores.getFirst());
    assertNull(echoed.at("choices.0.logprobs.top_logprobs.0"));
    assertEquals(echoed.at("usage.prompt_tokens"), (long) scores.size());
    for (int i = 1; i <= said.size(); i++) {
      double expected = (double) said.get(said.size() - i);
      assertEquals(expected, (double) scores.get(scores.size() - i), 1e-4);
    }
    RawClient.Answer chosen = post(body(text, ",\"max_tokens\":0,\"logprobs\":0,\"echo\":true"));
    assertNull(chosen.at("choices.0.logprobs.top_logprobs"));
    List<?> alone = (List<?>) chosen.at("choices.0.logprobs.token_logprobs");
    assertEquals(scores.size(), alone.size());
    for (int i = 1; i < alone.size(); i++) {
      assertEquals((double) scores.get(i), (double) alone.get(i), 1e-5);
    }
    RawClient.Answer both =
        post(body("Once upon a time", more.replace("6", "3") + ",\"echo\":true"));
    assertTrue(((String) both.at("choices.0.text")).startsWith("Once upon a time,"), both::text);
    List<?> offsets = (List<?>) both.at("choices.0.logprobs.text_offset");
    assertEquals(0L, offsets.getFirst());
    assertEquals(16L, offsets.get(offsets.size() - 3));
  }

  @Test
  void promptThatIsTooLong() throws IOException {
    RawClient.Answer answer = post(body("Once upon a time. ".repeat(500), ""));
    assertEquals(400, answer.status());
    assertEquals("context_length_exceeded", answer.at("error.code"));
    assertTrue(answer.text().contains(Integer.toString(model().contextTokens())), answer::text);
  }

  @Test
  void manyAtOnceWithSomeThatLeave() throws Exception {
    List<String> prompts = List.of("Once upon a time", "The cat", "Tom and Lily", "One day");
    List<String> alone = new ArrayList<>();
    for (String prompt : prompts) {
      alone.add((String) post(body(prompt, ",\"max_tokens\":60")).at("choices.0.text"));
    }
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> runs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        runs.add(clients.submit(client(new Random(i), prompts, alone)));
      }
      for (Future<Void> run : runs) {
        rethrow(run);
      }
    }
    for (int wait = 0; model().stats().running() > 0 && wait < 100; wait++) {
      Thread.sleep(10);
    }
    assertEquals(0, model().stats().running());
    assertEquals(0, model().stats().usedBlocks());
  }

  private static void rethrow(Future<Void> run) throws Exception {
    try {
      run.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static Callable<Void> client(Random random, List<String> prompts, List<String> alone) {
    return () -> {
      for (int round = 0; round < 10; round++) {
        int which = random.nextInt(prompts.size());
        String streamed = random.nextBoolean() ? ",\"stream\":true" : "";
        if (random.nextInt(3) == 0) {
          try (RawClient client = new RawClient(server.port())) {
            client.post(
                "/v1/completions", body(prompts.get(which), ",\"max_tokens\":400" + streamed));
            Thread.sleep(random.nextInt(30));
            client.reset();
          }
        } else {
          RawClient.Answer answer = post(body(prompts.get(which), ",\"max_tokens\":60"));
          assertEquals(alone.get(which), answer.at("choices.0.text"));
        }
      }
      return null;
    };
  }
}
