package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans of requests, in a file that a collector reads. */
@Timeout(30)
class TraceTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  @TempDir Path folder;

  private TestServer server(Path file) {
    return new TestServer(ServerConfig.defaults().withWatching(Watching.nobody().withTraces(file)));
  }

  private static List<Map<String, Object>> requests(Path file, int count) throws Exception {
    List<String> lines = Files.readAllLines(file);
    while (lines.size() < count) {
      Thread.sleep(2);
      lines = Files.readAllLines(file);
    }
    JsonReader json = new JsonReader(JsonLimits.LOCAL);
    return lines.stream().map(l -> json.readObject(l.getBytes(StandardCharsets.UTF_8))).toList();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> spans(Map<String, Object> request) {
    return (List<Map<String, Object>>) RawClient.at(request, "resourceSpans.0.scopeSpans.0.spans");
  }

  @Test
  void aRequestIsASpanOfItsCallersTrace() throws Exception {
    Path file = folder.resolve("traces.jsonl");
    try (TestServer server = server(file)) {
      RawClient.Answer answer =
          server.post(
              "/v1/chat/completions",
              TestServer.chat("a secret", ""),
              "traceparent: 00-" + TRACE + "-" + PARENT + "-01");
      List<Map<String, Object>> spans = spans(requests(file, 1).getFirst());
      Map<String, Object> own = spans.getFirst();
      assertEquals(TRACE, own.get("traceId"));
      assertEquals(PARENT, own.get("parentSpanId"));
      assertEquals("POST /v1/chat/completions", own.get("name"));
      assertEquals(2L, own.get("kind"));
      assertEquals("00-" + TRACE + "-" + own.get("spanId") + "-01", answer.header("traceparent"));
      assertEquals(List.of("decode", "prefill", "queue"), names(spans.subList(1, 4)));
      for (Map<String, Object> phase : spans.subList(1, 4)) {
        assertEquals(own.get("spanId"), phase.get("parentSpanId"));
        assertEquals(TRACE, phase.get("traceId"));
      }
      assertEquals(3_000_000, nanos(spans.get(1)));
      assertEquals(2_000_000, nanos(spans.get(2)));
      assertEquals(1_000_000, nanos(spans.get(3)));
      String text = Files.readString(file);
      assertTrue(
          text.contains("{\"key\":\"gen_ai.request.model\",\"value\":{\"stringValue\":\"echo\"}}"));
      assertTrue(
          text.contains("{\"key\":\"gen_ai.usage.output_tokens\",\"value\":{\"intValue\":\"8\"}}"));
      assertTrue(text.contains("\"service.name\""));
      assertFalse(text.contains("secret"));
    }
  }

  private static List<Object> names(List<Map<String, Object>> spans) {
    return spans.stream().map(span -> span.get("name")).toList();
  }

  private static long nanos(Map<String, Object> span) {
    return Long.parseLong((String) span.get("endTimeUnixNano"))
        - Long.parseLong((String) span.get("startTimeUnixNano"));
  }

  @Test
  void whatItsCallerDoesNotRecordIsNotRecorded() throws Exception {
    Path file = folder.resolve("traces.jsonl");
    try (TestServer server = server(file)) {
      String header = "traceparent: 00-" + TRACE + "-" + PARENT + "-00";
      assertTrue(server.get("/health", header).header("traceparent").endsWith("-00"));
      server.get("/healthz");
      Map<String, Object> only = spans(requests(file, 1).getFirst()).getFirst();
      assertEquals("GET /healthz", only.get("name"));
      assertNull(only.get("parentSpanId"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
      })
  void whatIsNoTraceIsPassedOver(String header) throws Exception {
    Path file = folder.resolve("traces.jsonl");
    try (TestServer server = server(file)) {
      server.get("/healthz", "traceparent: " + header);
      Map<String, Object> own = spans(requests(file, 1).getFirst()).getFirst();
      assertNotEquals(TRACE, own.get("traceId"));
      assertTrue(((String) own.get("traceId")).matches("[0-9a-f]{32}"));
      assertNull(own.get("parentSpanId"));
    }
  }

  @Test
  void laterVersionsAreReadAsFarAsTheyAreKnown() throws Exception {
    Path file = folder.resolve("traces.jsonl");
    try (TestServer server = server(file)) {
      server.get("/healthz", "traceparent: 01-" + TRACE + "-" + PARENT + "-01-more");
      assertEquals(TRACE, spans(requests(file, 1).getFirst()).getFirst().get("traceId"));
    }
  }

  @Test
  void withoutAFileNothingIsTraced() throws IOException {
    try (TestServer server = new TestServer()) {
      String header = "traceparent: 00-" + TRACE + "-" + PARENT + "-01";
      assertNull(server.get("/health", header).header("traceparent"));
    }
  }
}
