package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code /metrics} counts what happens, in lines that Prometheus reads. */
@Timeout(30)
class MetricsTest {
  private static final Pattern TYPE =
      Pattern.compile("# TYPE ([a-z]+[:_][a-z0-9_]+) (counter|gauge|histogram|summary)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z0-9_:]+)(\\{[a-z_]+=.*\\})? (-?\\d+(?:\\.\\d+)?)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** Samples by name and labels. */
  private static Map<String, Double> read(String text) {
    Map<String, Double> samples = new HashMap<>();
    Set<String> names = new HashSet<>();
    String name = "";
    String help = "";
    for (String line : text.split("\n")) {
      if (line.startsWith("# HELP ")) {
        help = line.split(" ", 4)[2];
        assertTrue(line.split(" ", 4)[3].endsWith("."), line);
        continue;
      }
      Matcher type = TYPE.matcher(line);
      if (type.matches()) {
        name = type.group(1);
        assertEquals(help, name);
        assertTrue(names.add(name), "all samples of a metric stand together: " + line);
        boolean counter = type.group(2).equals("counter");
        assertEquals(counter, name.endsWith("_total"), line);
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertTrue(sample.matches(), line);
      assertTrue(sample.group(1).matches(Pattern.quote(name) + "(_bucket|_sum|_count)?"), line);
      String labels = sample.group(2) == null ? "{}" : sample.group(2);
      String rest = LABEL.matcher(labels.substring(1, labels.length() - 1)).replaceAll("");
      assertEquals("", rest, line);
      double value = Double.parseDouble(sample.group(3));
      assertEquals(null, samples.put(sample.group(1) + labels, value), line);
    }
    return samples;
  }

  private static Map<String, Double> scrape(TestServer server) throws IOException {
    RawClient.Answer metrics = server.get("/metrics");
    assertEquals(200, metrics.status());
    assertTrue(metrics.headers().get("content-type").startsWith("text/plain; version=0.0.4"));
    return read(metrics.text());
  }

  /** What is told of a request is told when it is over, a moment after its client has read it. */
  private static Map<String, Double> scrapeUntil(TestServer server, String sample, double value)
      throws Exception {
    Map<String, Double> now = scrape(server);
    while (now.getOrDefault(sample, 0.0) != value) {
      Thread.sleep(5);
      now = scrape(server);
    }
    return now;
  }

  @Test
  void whatHappensIsCounted() throws Exception {
    try (TestServer server = new TestServer()) {
      server.ready("a \"b\"\\", new EchoModel(true));
      server.postChat("hello", "");
      server.post("/v1/chat/completions", "{");
      Map<String, Double> samples = scrape(server);
      assertEquals(1, samples.get("solebox_answers_2xx_total{}"));
      assertEquals(1, samples.get("solebox_answers_4xx_total{}"));
      assertEquals(0, samples.get("solebox_slow_bodies_total{}"));
      assertEquals(0, samples.get("solebox_drafted_tokens_total{model=\"echo\"}"));
      assertEquals(8, samples.get("solebox_kv_blocks{model=\"echo\"}"));
      assertEquals(8, samples.get("solebox_kv_blocks{model=\"a \\\"b\\\"\\\\\"}"));
      assertEquals(0, samples.get("vllm:num_requests_running{model_name=\"echo\"}"));
      assertEquals(0, samples.get("llamacpp:requests_processing{model=\"echo\"}"));
      assertEquals(1, samples.get("solebox_model_loaded{model=\"echo\"}"));
      assertEquals(1, samples.get("solebox_model_load_seconds_count{model=\"echo\"}"));
    }
  }

  @Test
  void answersAreMeasuredWholeAndStreamed() throws Exception {
    try (TestServer server = new TestServer()) {
      server.postChat("hello", "");
      server.postChat("hello", ",\"stream\":true");
      server.postCompletion("xyz", ",\"stop\":\"z\"");
      Map<String, Double> samples =
          scrapeUntil(server, "solebox_answers_total{model=\"echo\",reason=\"stop\"}", 3);
      for (String name :
          new String[] {
            "solebox_queue_seconds",
            "solebox_prefill_seconds",
            "solebox_decode_seconds",
            "solebox_answer_seconds",
            "solebox_time_to_first_token_seconds"
          }) {
        assertEquals(3, samples.get(name + "_count{model=\"echo\"}"), name);
        assertEquals(3, samples.get(name + "_bucket{model=\"echo\",le=\"+Inf\"}"), name);
      }
      // The model says that every answer waited a millisecond, and had 4 tokens in the cache.
      assertEquals(0.003, samples.get("solebox_queue_seconds_sum{model=\"echo\"}"), 1e-9);
      assertEquals(3, samples.get("solebox_queue_seconds_bucket{model=\"echo\",le=\"0.005\"}"));
      assertEquals(0.009, samples.get("vllm:request_decode_time_seconds_sum{model_name=\"echo\"}"));
      assertEquals(13, samples.get("solebox_generated_tokens_total{model=\"echo\"}"));
      assertEquals(13, samples.get("vllm:generation_tokens_total{model_name=\"echo\"}"));
      assertEquals(13, samples.get("llamacpp:tokens_predicted_total{model=\"echo\"}"));
      assertEquals(10, samples.get("solebox_inter_token_latency_seconds_count{model=\"echo\"}"));
      assertEquals(12, samples.get("solebox_prefix_cache_hits_total{model=\"echo\"}"));
      assertEquals(
          samples.get("solebox_prompt_tokens_total{model=\"echo\"}"),
          samples.get("vllm:prefix_cache_queries_total{model_name=\"echo\"}"));
      assertEquals(
          samples.get("solebox_prompt_tokens_total{model=\"echo\"}") - 12,
          samples.get("llamacpp:prompt_tokens_total{model=\"echo\"}"));
      assertEquals(
          3,
          samples.get("vllm:request_success_total{model_name=\"echo\",finished_reason=\"stop\"}"));
    }
  }

  @Test
  void whatBreaksOffIsCountedByItsCode() throws Exception {
    try (TestServer server = new TestServer()) {
      server.postChat("!fail", ",\"stream\":true");
      server.postChat("x", ",\"temperature\":-1");
      server.get("/v1/nothing/" + "x".repeat(50));
      String chat = "{endpoint=\"/v1/chat/completions\",";
      scrapeUntil(server, "solebox_answer_errors_total{model=\"echo\",code=\"io_error\"}", 1);
      scrapeUntil(server, "solebox_errors_total" + chat + "code=\"io_error\"}", 1);
      scrapeUntil(server, "solebox_errors_total" + chat + "code=\"invalid_value\"}", 1);
      Map<String, Double> samples =
          scrapeUntil(server, "solebox_errors_total{endpoint=\"other\",code=\"unknown_url\"}", 1);
      assertEquals(
          1, samples.get("solebox_http_requests_total" + chat + "method=\"POST\",status=\"400\"}"));
      assertEquals(
          1,
          samples.get(
              "solebox_http_requests_total{endpoint=\"other\",method=\"GET\",status=\"404\"}"));
      assertTrue(samples.keySet().stream().noneMatch(key -> key.contains("xxx")));
    }
  }

  @Test
  void whoGoesAwayIsCountedAsCancelled() throws Exception {
    try (TestServer server = new TestServer()) {
      server.model.pace(0, 10);
      try (RawClient client = server.client()) {
        client.post("/v1/chat/completions", TestServer.chat("!forever", ",\"stream\":true"));
        while (server.model.running() == 0) {
          Thread.sleep(5);
        }
        assertNotEquals(
            0, scrape(server).get("solebox_running_answers{model=\"echo\"}"), "while it runs");
      }
      scrapeUntil(server, "solebox_answers_total{model=\"echo\",reason=\"cancelled\"}", 1);
    }
  }

  @Test
  void whatClientsMakeUpIsNoSeries() throws Exception {
    try (TestServer server = new TestServer()) {
      server.call("BREW", "/v1/models", "");
      Map<String, Double> samples =
          scrapeUntil(
              server,
              "solebox_http_requests_total{endpoint=\"other\",method=\"other\",status=\"405\"}",
              1);
      assertTrue(samples.keySet().stream().noneMatch(key -> key.contains("BREW")));
    }
  }
}
