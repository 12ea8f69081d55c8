package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the endpoints answer when all is well. */
class ApiTest {
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Map<String, Object> json(String text) {
    return new JsonReader(JsonLimits.LOCAL).readObject(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void chatAnswersWhole() throws IOException {
    RawClient.Answer answer = server.postChat("Grüße, 世界 🌍", "");
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.headers().get("content-type"));
    assertEquals("chat.completion", answer.at("object"));
    assertEquals("echo", answer.at("model"));
    assertTrue(((String) answer.at("id")).startsWith("chatcmpl-"));
    assertEquals("assistant", answer.at("choices.0.message.role"));
    assertEquals("Grüße, 世界 🌍", answer.at("choices.0.message.content"));
    assertEquals("stop", answer.at("choices.0.finish_reason"));
    assertNull(answer.at("choices.0.logprobs"));
    long completion = "Grüße, 世界 🌍".getBytes(StandardCharsets.UTF_8).length;
    assertEquals(completion, answer.at("usage.completion_tokens"));
    assertEquals(completion + 6, answer.at("usage.prompt_tokens"));
    assertEquals(2 * completion + 6, answer.at("usage.total_tokens"));
    assertEquals(4L, answer.at("usage.prompt_tokens_details.cached_tokens"));
    assertEquals(2.0, answer.at("solebox.prefill_ms"));
  }

  @Test
  void usageTellsGuessesThatWereRight() throws IOException {
    assertNull(server.postChat("hello", "").at("usage.completion_tokens_details"));
    var model = new EchoModel(true);
    model.guessed(7, 5);
    server.ready("guessed", model);
    String request =
        """
        {"model": "guessed", "messages": [{"role": "user", "content": "hello"}] %s}
        """;
    RawClient.Answer answer = server.post("/v1/chat/completions", request.formatted(""));
    String details = "usage.completion_tokens_details.";
    assertEquals(5L, answer.at(details + "accepted_prediction_tokens"));
    assertEquals(2L, answer.at(details + "rejected_prediction_tokens"));
    List<String> events =
        server
            .post(
                "/v1/chat/completions",
                request.formatted(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
            .events();
    Map<String, Object> last = json(events.get(events.size() - 2));
    assertEquals(2L, RawClient.at(last, details + "rejected_prediction_tokens"));
    RawClient.Answer several =
        server.post("/v1/completions", "{\"model\":\"guessed\",\"prompt\":[\"a\",\"b\"]}");
    assertEquals(10L, several.at(details + "accepted_prediction_tokens"));
  }

  @Test
  void chatStreamsInChunks() throws IOException {
    RawClient.Answer answer =
        server.postChat("añb", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assertEquals("text/event-stream; charset=utf-8", answer.headers().get("content-type"));
    List<String> events = answer.events();
    assertEquals("[DONE]", events.getLast());
    List<Map<String, Object>> chunks =
        events.subList(0, events.size() - 1).stream().map(ApiTest::json).toList();
    assertEquals("assistant", RawClient.at(chunks.getFirst(), "choices.0.delta.role"));
    assertEquals("", RawClient.at(chunks.getFirst(), "choices.0.delta.content"));
    assertEquals("ñ", RawClient.at(chunks.get(2), "choices.0.delta.content"));
    assertNull(RawClient.at(chunks.get(2), "choices.0.finish_reason"));
    assertTrue(chunks.get(2).containsKey("usage"));
    Map<String, Object> last = chunks.get(chunks.size() - 2);
    assertEquals(Map.of(), RawClient.at(last, "choices.0.delta"));
    assertEquals("stop", RawClient.at(last, "choices.0.finish_reason"));
    assertEquals(List.of(), chunks.getLast().get("choices"));
    assertEquals(4L, RawClient.at(chunks.getLast(), "usage.completion_tokens"));
    assertEquals(1, chunks.stream().map(chunk -> chunk.get("id")).distinct().count());
    assertEquals(6, chunks.size());
  }

  @Test
  void streamWithoutUsageSaysNothingOfIt() throws IOException {
    assertFalse(server.postChat("hi", ",\"stream\":true").text().contains("usage"));
  }

  @Test
  void stopStringIsLeftOut() throws IOException {
    RawClient.Answer answer = server.postChat("one two three", ",\"stop\":[\"xx\",\"o t\"]");
    assertEquals("one tw", answer.at("choices.0.message.content"));
    assertEquals("stop", answer.at("choices.0.finish_reason"));
    assertEquals(9L, answer.at("usage.completion_tokens"));
    assertEquals("a", server.postCompletion("a b", ",\"stop\":\" \"").at("choices.0.text"));
  }

  @Test
  void stopIdsEndTheAnswer() throws IOException {
    assertEquals(
        "a", server.postCompletion("a b", ",\"stop_token_ids\":[32]").at("choices.0.text"));
  }

  @Test
  void endsOfTheModelCanBeIgnored() throws IOException {
    RawClient.Answer answer = server.postCompletion("ab", ",\"ignore_eos\":true,\"max_tokens\":5");
    assertEquals("ababa", answer.at("choices.0.text"));
    assertEquals("length", answer.at("choices.0.finish_reason"));
  }

  @Test
  void lengthEndsTheAnswer() throws IOException {
    RawClient.Answer answer = server.postChat("abcdef", ",\"max_completion_tokens\":3");
    assertEquals("abc", answer.at("choices.0.message.content"));
    assertEquals("length", answer.at("choices.0.finish_reason"));
    RawClient.Answer full = server.postChat("!forever", "");
    assertEquals("length", full.at("choices.0.finish_reason"));
    assertEquals((long) EchoModel.CONTEXT, full.at("usage.total_tokens"));
    // More than the context has room for is no error, and no allocation of that size.
    RawClient.Answer much = server.postChat("!forever", ",\"max_tokens\":2147483647");
    assertEquals((long) EchoModel.CONTEXT, much.at("usage.total_tokens"));
  }

  @Test
  void chatLogprobs() throws IOException {
    RawClient.Answer answer = server.postChat("aé", ",\"logprobs\":true,\"top_logprobs\":2");
    List<?> content = (List<?>) answer.at("choices.0.logprobs.content");
    assertEquals(3, content.size());
    assertEquals("a", RawClient.at(content, "0.token"));
    assertEquals(-0.25, RawClient.at(content, "0.logprob"));
    assertEquals(List.of(0xc3L), RawClient.at(content, "1.bytes"));
    assertEquals("a", RawClient.at(content, "0.top_logprobs.0.token"));
    assertEquals(-9999.0, RawClient.at(content, "0.top_logprobs.1.logprob"));
    RawClient.Answer plain = server.postChat("a", ",\"logprobs\":true");
    assertEquals(List.of(), plain.at("choices.0.logprobs.content.0.top_logprobs"));
  }

  @Test
  void streamedLogprobsGoWithTheirText() throws IOException {
    List<String> events = server.postChat("aé", ",\"stream\":true,\"logprobs\":true").events();
    Map<String, Object> second = json(events.get(2));
    assertEquals("é", RawClient.at(second, "choices.0.delta.content"));
    assertEquals(
        2, ((List<?>) RawClient.at(second, "choices.0.logprobs.content")).size(), events::toString);
  }

  @Test
  void completionAnswers() throws IOException {
    RawClient.Answer answer = server.postCompletion("aéb", ",\"logprobs\":1");
    assertEquals("text_completion", answer.at("object"));
    assertEquals("aéb", answer.at("choices.0.text"));
    assertEquals(List.of(0L, 1L, 1L, 2L), answer.at("choices.0.logprobs.text_offset"));
    assertEquals(-0.25, answer.at("choices.0.logprobs.token_logprobs.3"));
    assertEquals(-0.25, answer.at("choices.0.logprobs.top_logprobs.3.b"));
    assertEquals(List.of(98L), answer.at("choices.0.logprobs.bytes.3"));
    RawClient.Answer ids =
        server.post("/v1/completions", "{\"model\":\"echo\",\"prompt\":[104,105]}");
    assertEquals("hi", ids.at("choices.0.text"));
    assertNull(ids.at("choices.0.logprobs"));
    RawClient.Answer nested =
        server.post("/v1/completions", "{\"model\":\"echo\",\"prompt\":[[104,105]]}");
    assertEquals("hi", nested.at("choices.0.text"));
  }

  @Test
  void completionStreams() throws IOException {
    List<String> events = server.postCompletion("hey", ",\"stream\":true").events();
    assertEquals("h", RawClient.at(json(events.getFirst()), "choices.0.text"));
    assertEquals("stop", RawClient.at(json(events.get(3)), "choices.0.finish_reason"));
    assertEquals("[DONE]", events.getLast());
  }

  @Test
  void messagesInAllTheirForms() throws IOException {
    String body =
        """
        {"messages": [
          {"role": "developer", "content": "Be brief."},
          {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
          {"role": "assistant", "content": "b", "refusal": null, "tool_calls": null, "annotations": []},
          {"role": "user", "content": "last", "name": "Ann"}],
         "tools": [], "tool_choice": "none", "n": 1, "response_format": {"type": "text"},
         "temperature": null, "user": "me", "store": false, "logit_bias": {"5": -100}, "seed": 7}
        """;
    RawClient.Answer answer = server.post("/v1/chat/completions", body);
    assertEquals("last", answer.at("choices.0.message.content"), answer::text);
  }

  @Test
  void modelsAreListed() throws IOException {
    RawClient.Answer list = server.get("/v1/models");
    assertEquals("list", list.at("object"));
    assertEquals("echo", list.at("data.0.id"));
    assertEquals("ready", list.at("data.0.solebox.state"));
    assertEquals("model", server.get("/v1/models/echo").at("object"));
    assertEquals(404, server.get("/v1/models/other").status());
    server.ready("a/b c", new EchoModel(false));
    assertEquals("a/b c", server.get("/v1/models/a%2Fb%20c").at("id"));
  }

  @Test
  void pageIsServed() throws IOException {
    RawClient.Answer page = server.get("/");
    assertEquals(200, page.status());
    assertTrue(page.headers().get("content-security-policy").startsWith("default-src 'self';"));
    assertFalse(page.text().contains("<script>") || page.text().contains("style=\""));
  }
}
