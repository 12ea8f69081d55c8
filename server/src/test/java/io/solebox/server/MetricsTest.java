package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code /metrics} counts what happens, in lines that Prometheus reads. */
class MetricsTest {
  @Test
  void whatHappensIsCounted() throws IOException {
    try (TestServer server = new TestServer()) {
      server.ready("a \"b\"\\", new EchoModel(true));
      server.postChat("hello", "");
      server.post("/v1/chat/completions", "{");
      RawClient.Answer metrics = server.get("/metrics");
      assertEquals(200, metrics.status());
      assertTrue(metrics.headers().get("content-type").startsWith("text/plain; version=0.0.4"));
      for (String line : metrics.text().split("\n")) {
        assertTrue(
            line.matches("# TYPE solebox_[a-z0-9_]+ (counter|gauge)")
                || line.matches("solebox_[a-z0-9_]+(\\{model=\"([^\"\\\\]|\\\\.)*\"})? \\d+"),
            line);
      }
      assertTrue(metrics.text().contains("\nsolebox_answers_2xx_total 1\n"), metrics::text);
      assertTrue(metrics.text().contains("\nsolebox_answers_4xx_total 1\n"), metrics::text);
      assertTrue(metrics.text().contains("\nsolebox_slow_bodies_total 0\n"), metrics::text);
      assertTrue(metrics.text().contains("\nsolebox_drafted_tokens_total{model=\"echo\"} 0\n"));
      assertTrue(metrics.text().contains("\nsolebox_kv_blocks{model=\"echo\"} 8\n"));
      assertTrue(metrics.text().contains("{model=\"a \\\"b\\\"\\\\\"} 8\n"), metrics::text);
    }
  }
}
