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

/** Answers of a model that thinks before it speaks. */
class ReasoningTest {
  private static final String CALL =
      "<tool_call>{\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {}}</tool_call>";

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("thinker", EchoModel.thinking());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer chat(String text, String more) throws IOException {
    return server.post(
        "/v1/chat/completions", TestServer.chat(text, more).replace("\"echo\"", "\"thinker\""));
  }

  private RawClient.Answer completion(String prompt, String more) throws IOException {
    return server.post(
        "/v1/completions", "{\"model\":\"thinker\",\"prompt\":\"%s\"%s}".formatted(prompt, more));
  }

  /** The chunks of a stream that is complete. */
  private static List<Map<String, Object>> chunks(RawClient.Answer answer) {
    List<String> events = answer.events();
    assertEquals("[DONE]", events.getLast());
    JsonReader reader = new JsonReader(JsonLimits.LOCAL);
    return events.subList(0, events.size() - 1).stream()
        .map(event -> reader.readObject(event.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  /** All that the deltas say under a name. */
  private static String said(List<Map<String, Object>> chunks, String name) {
    StringBuilder said = new StringBuilder();
    for (Map<String, Object> chunk : chunks) {
      if (!((List<?>) chunk.get("choices")).isEmpty()
          && RawClient.at(chunk, "choices.0.delta") instanceof Map<?, ?> delta
          && delta.get(name) instanceof String more) {
        said.append(more);
      }
    }
    return said.toString();
  }

  @Test
  void aWholeAnswerHasItsReasoningApart() throws IOException {
    RawClient.Answer answer = chat("<think>Hm é</think> So.", "");
    assertEquals("Hm é", answer.at("choices.0.message.reasoning_content"));
    assertEquals("So.", answer.at("choices.0.message.content"));
    assertEquals("stop", answer.at("choices.0.finish_reason"));
    assertEquals(24L, answer.at("usage.completion_tokens"));
    // <think> and what follows it up to </think>
    assertEquals(12L, answer.at("usage.completion_tokens_details.reasoning_tokens"));
  }

  @Test
  void whereNothingIsThoughtNothingIsSaidOfIt() throws IOException {
    RawClient.Answer plain = chat("So.", "");
    assertEquals("So.", plain.at("choices.0.message.content"));
    assertFalse(plain.text().contains("reasoning"), plain::text);
    RawClient.Answer empty = chat("<think></think>So.", "");
    assertEquals("So.", empty.at("choices.0.message.content"));
    assertFalse(empty.text().contains("reasoning"), empty::text);
    RawClient.Answer other = server.postChat("<think>Hm</think>So.", "");
    assertEquals("<think>Hm</think>So.", other.at("choices.0.message.content"));
    assertFalse(other.text().contains("reasoning"), other::text);
  }

  @Test
  void aStreamHasItInDeltasOfItsOwn() throws IOException {
    List<Map<String, Object>> chunks =
        chunks(
            chat(
                "<think>Hm é</think> So.",
                ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
    assertEquals("Hm é", said(chunks, "reasoning_content"));
    assertEquals("So.", said(chunks, "content"));
    assertEquals(
        Map.of("role", "assistant", "content", ""),
        RawClient.at(chunks.getFirst(), "choices.0.delta"));
    assertEquals(Map.of("reasoning_content", "H"), RawClient.at(chunks.get(1), "choices.0.delta"));
    assertEquals("stop", RawClient.at(chunks.get(chunks.size() - 2), "choices.0.finish_reason"));
    assertEquals(
        12L, RawClient.at(chunks.getLast(), "usage.completion_tokens_details.reasoning_tokens"));
  }

  @Test
  void aTemplateCanBeginIt() throws IOException {
    String thinks = ",\"enable_thinking\":true";
    RawClient.Answer answer = chat("Hm</think>So.", thinks);
    assertEquals("Hm", answer.at("choices.0.message.reasoning_content"));
    assertEquals("So.", answer.at("choices.0.message.content"));
    List<Map<String, Object>> chunks = chunks(chat("Hm</think>So.", thinks + ",\"stream\":true"));
    assertEquals("Hm", said(chunks, "reasoning_content"));
    assertEquals("So.", said(chunks, "content"));
  }

  @Test
  void anAnswerCanEndInside() throws IOException {
    RawClient.Answer cut = chat("<think>Hm, hm</think>So.", ",\"max_tokens\":10");
    assertEquals("Hm,", cut.at("choices.0.message.reasoning_content"));
    assertEquals("", cut.at("choices.0.message.content"));
    assertEquals("length", cut.at("choices.0.finish_reason"));
    RawClient.Answer stopped = chat("<think>Hm, hm</think>So.", ",\"stop\":\", \"");
    assertEquals("Hm", stopped.at("choices.0.message.reasoning_content"));
    assertEquals("stop", stopped.at("choices.0.finish_reason"));
  }

  @Test
  void everyTokenHasItsLogprob() throws IOException {
    RawClient.Answer answer = chat("<think>Hm</think> So.", ",\"logprobs\":true");
    assertEquals(21, ((List<?>) answer.at("choices.0.logprobs.content")).size());
    int streamed = 0;
    for (var chunk : chunks(chat("<think>Hm</think> So.", ",\"logprobs\":true,\"stream\":true"))) {
      if (RawClient.at(chunk, "choices.0.logprobs") instanceof Map<?, ?> logprobs) {
        streamed += ((List<?>) logprobs.get("content")).size();
      }
    }
    assertEquals(21, streamed);
    // The tokens of a tag that nothing follows have a chunk without text.
    List<Map<String, Object>> ended =
        chunks(chat("<think>Hm</think>", ",\"logprobs\":true,\"stream\":true"));
    Map<String, Object> tag = ended.get(ended.size() - 2);
    assertEquals("", RawClient.at(tag, "choices.0.delta.content"));
    assertEquals(8, ((List<?>) RawClient.at(tag, "choices.0.logprobs.content")).size());
  }

  @Test
  void callsAreTextWhereNoToolIsOffered() throws IOException {
    RawClient.Answer answer = chat("<think>Hm</think>" + CALL, "");
    assertEquals(CALL.replace("\\", ""), answer.at("choices.0.message.content"));
    assertNull(((Map<?, ?>) answer.at("choices.0.message")).get("tool_calls"));
  }

  @Test
  void completionsLeaveItAsText() throws IOException {
    String text = "<think>a</think>b";
    RawClient.Answer answer = completion(text, ",\"max_tokens\":100");
    assertEquals(text, answer.at("choices.0.text"));
    assertFalse(answer.text().contains("reasoning"), answer::text);
    StringBuilder streamed = new StringBuilder();
    List<Map<String, Object>> chunks =
        chunks(completion(text, ",\"max_tokens\":100,\"stream\":true"));
    chunks.forEach(chunk -> streamed.append(RawClient.at(chunk, "choices.0.text")));
    assertEquals(text, streamed.toString());
    assertEquals(text.length() + 1, chunks.size());
    assertTrue(chunks.stream().noneMatch(chunk -> chunk.toString().contains("reasoning")));
  }
}
