package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Eight clients at once for a while, some of whom leave in the middle: no error, the same answers
 * as alone, and nothing left behind. {@code -Dsoak.seconds} makes it longer.
 */
@Tag("slow")
class SoakTest {
  private static final int CLIENTS = 8;
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("soak.seconds", 20));
  private static final Pattern CONTENT = Pattern.compile("\"content\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final List<String> QUESTIONS =
      List.of(
          "What is Solebox?",
          "How do I add a model?",
          "Which API is there?",
          "How do I secure it?",
          "hello",
          "How do I connect a GPU?",
          "What is the capital of France?",
          "Is it free?");

  private final AtomicInteger whole = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();

  @Test
  @Timeout(180)
  void eightClientsForAWhile() throws Exception {
    try (var server = new GuideServer()) {
      Map<String, String> alone = new HashMap<>();
      try (var client = HttpClient.newHttpClient()) {
        for (String question : QUESTIONS) {
          alone.put(question, ask(client, server, question, true));
        }
      }
      Thread.sleep(500);
      int threadsBefore = platformThreads();
      runClients(server, alone);
      assertTrue(
          whole.get() > CLIENTS && left.get() > CLIENTS, whole + " whole, " + left + " left");
      waitUntilIdle(server);
      assertEquals(0, server.model().stats().usedBlocks());
      assertEquals(0, server.model().stats().waiting());
      assertTrue(
          platformThreads() <= threadsBefore + 2,
          platformThreads() + " threads, before " + threadsBefore);
      try (var client = HttpClient.newHttpClient()) {
        assertEquals(alone.get(QUESTIONS.get(0)), ask(client, server, QUESTIONS.get(0), false));
      }
    }
  }

  private void runClients(GuideServer server, Map<String, String> alone)
      throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + LENGTH.toNanos();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int c = 0; c < CLIENTS; c++) {
        var random = new Random(c);
        clients.add(
            executor.submit(
                (Callable<Void>)
                    () -> {
                      try (var client = HttpClient.newHttpClient()) {
                        while (System.nanoTime() < end) {
                          oneRequest(client, server, alone, random);
                        }
                      }
                      return null;
                    }));
      }
      for (var client : clients) {
        client.get();
      }
    }
  }

  private void oneRequest(
      HttpClient client, GuideServer server, Map<String, String> alone, Random random)
      throws IOException, InterruptedException {
    String question = QUESTIONS.get(random.nextInt(QUESTIONS.size()));
    boolean stream = random.nextBoolean();
    if (random.nextInt(3) == 0) {
      leaveEarly(client, server, question, stream, random);
      left.incrementAndGet();
    } else {
      assertEquals(alone.get(question), ask(client, server, question, stream), question);
      whole.incrementAndGet();
    }
  }

  private static HttpRequest request(GuideServer server, String question, boolean stream) {
    String body =
        """
        {"model":"%s","temperature":0,"max_tokens":60,"stream":%s,
         "messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(GuideServer.MODEL, stream, question);
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + "/chat/completions"))
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static String ask(HttpClient client, GuideServer server, String question, boolean stream)
      throws IOException, InterruptedException {
    var response =
        client.send(
            request(server, question, stream),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertEquals(200, response.statusCode(), response.body());
    var text = new StringBuilder();
    Matcher matcher = CONTENT.matcher(response.body());
    while (matcher.find()) {
      text.append(matcher.group(1));
    }
    return text.toString();
  }

  private static void leaveEarly(
      HttpClient client, GuideServer server, String question, boolean stream, Random random)
      throws InterruptedException, IOException {
    if (!stream) {
      var answer =
          client.sendAsync(request(server, question, false), HttpResponse.BodyHandlers.ofString());
      Thread.sleep(random.nextInt(30));
      answer.cancel(true);
      return;
    }
    HttpResponse<InputStream> response =
        client.send(request(server, question, true), HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, response.statusCode());
    try (var reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (int lines = random.nextInt(12); lines > 0 && reader.readLine() != null; lines--) {
        // closing in the middle of the stream is what this client is for
      }
    }
  }

  private static void waitUntilIdle(GuideServer server) throws InterruptedException {
    for (int i = 0; i < 100 && server.model().stats().running() > 0; i++) {
      Thread.sleep(20);
    }
    Thread.sleep(1000); // keep-alive connections of the clients that are gone
  }

  private static int platformThreads() {
    return Thread.getAllStackTraces().size();
  }
}
