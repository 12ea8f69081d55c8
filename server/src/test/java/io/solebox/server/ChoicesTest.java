package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Priority;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several answers to one request, on whose terms they are made, and what is told meanwhile. */
class ChoicesTest {
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void severalAnswersToOnePrompt() throws IOException {
    RawClient.Answer answer = server.postChat("abc", ",\"n\":3");
    assertEquals(3, ((List<?>) answer.at("choices")).size());
    assertEquals(2L, answer.at("choices.2.index"));
    assertEquals("abc", answer.at("choices.2.message.content"));
    assertEquals(9L, answer.at("usage.completion_tokens"));
    assertEquals(9L, answer.at("usage.prompt_tokens")); // once
    assertEquals(4L, answer.at("usage.prompt_tokens_details.cached_tokens"));
    RawClient.Answer completions =
        server.post("/v1/completions", "{\"prompt\":[\"ab\",\"cde\"],\"n\":2}");
    assertEquals("ab", completions.at("choices.1.text"));
    assertEquals("cde", completions.at("choices.2.text"));
    assertEquals(5L, completions.at("usage.prompt_tokens"));
    assertEquals(10L, completions.at("usage.completion_tokens"));
  }

  @Test
  void choicesOfAStreamTakeTurns() throws IOException {
    List<Map<String, Object>> chunks = Chunks.of(server.postChat("ab", ",\"n\":2,\"stream\":true"));
    for (long index = 0; index < 2; index++) {
      StringBuilder text = new StringBuilder();
      String end = "";
      for (Map<String, Object> chunk : chunks) {
        if (RawClient.at(chunk, "choices.0.index").equals(index)) {
          Map<?, ?> delta = (Map<?, ?>) RawClient.at(chunk, "choices.0.delta");
          text.append(delta.containsKey("content") ? delta.get("content") : "");
          end += RawClient.at(chunk, "choices.0.finish_reason");
        }
      }
      assertEquals("ab", text.toString());
      assertTrue(end.endsWith("stop"), end);
    }
  }

  @Test
  void eachChoiceDrawsItsOwnWay() throws IOException {
    server.postChat("ab", ",\"seed\":7");
    assertEquals(7, server.model.lastRequest().sampling().seed().getAsLong());
    server.postChat("ab", ",\"seed\":7,\"n\":3");
    assertEquals(9, server.model.lastRequest().sampling().seed().getAsLong());
    server.postChat("ab", "");
    assertTrue(server.model.lastRequest().sampling().seed().isEmpty());
  }

  @Test
  void theBestOfSeveralIsShown() throws IOException {
    RawClient.Answer answer = server.postCompletion("abc", ",\"best_of\":3,\"n\":2");
    assertEquals(2, ((List<?>) answer.at("choices")).size());
    assertEquals(1L, answer.at("choices.1.index"));
    assertTrue(answer.text().contains("\"logprobs\":null"), answer::text);
    assertEquals(9L, answer.at("usage.completion_tokens")); // of all three
    assertEquals(3L, answer.at("usage.prompt_tokens"));
  }

  @Test
  void termsOfARequest() throws IOException {
    RawClient.Answer answer =
        server.postChat("ab", ",\"user\":\"ann\",\"service_tier\":\"flex\",\"timeout\":2.5");
    assertEquals("flex", answer.at("service_tier"));
    var request = server.model.lastRequest();
    assertEquals("ann", request.user());
    assertEquals(Priority.BACKGROUND, request.priority());
    assertEquals(Optional.of(Duration.ofMillis(2500)), request.deadline());
    answer = server.postChat("ab", ",\"safety_identifier\":\"bob\",\"service_tier\":\"auto\"");
    assertEquals("default", answer.at("service_tier"));
    assertEquals("bob", server.model.lastRequest().user());
    assertEquals(Priority.INTERACTIVE, server.model.lastRequest().priority());
    assertFalse(server.postChat("ab", "").text().contains("service_tier"));
  }

  /** Or one who asks for many choices would have the shares of many. */
  @Test
  void whoIsNotNamedIsKnownByTheConnection() throws IOException {
    server.postChat("ab", ",\"n\":3");
    var users = server.model.requests().reversed().stream().limit(3).map(r -> r.user()).toList();
    assertEquals(1, Set.copyOf(users).size(), users.toString());
    assertTrue(users.getFirst().contains("127.0.0.1:"), users.getFirst());
    server.postChat("ab", "");
    assertNotEquals(users.getFirst(), server.model.lastRequest().user(), "another connection");
  }

  @Test
  void anAnswerCanBeHeldToALength() throws IOException {
    RawClient.Answer answer = server.postChat("ab", ",\"min_tokens\":5");
    assertEquals(5L, answer.at("usage.completion_tokens"), answer::text);
    assertTrue(((String) answer.at("choices.0.message.content")).startsWith("ab"));
    assertEquals(2L, server.postChat("ab", ",\"min_tokens\":1").at("usage.completion_tokens"));
  }

  @Test
  void idsOfTokensOnRequest() throws IOException {
    RawClient.Answer answer = server.postChat("ab", ",\"return_token_ids\":true");
    assertEquals(List.of(97L, 98L), answer.at("choices.0.token_ids"));
    assertEquals(8, ((List<?>) answer.at("prompt_token_ids")).size());
    RawClient.Answer stream = server.postChat("ab", ",\"return_token_ids\":true,\"stream\":true");
    assertTrue(stream.text().contains("\"token_ids\":[97]"), stream::text);
    assertFalse(server.postChat("ab", "").text().contains("token_ids"));
    assertEquals(
        List.of(97L, 98L),
        server.postCompletion("ab", ",\"return_token_ids\":true").at("choices.0.token_ids"));
  }

  @Test
  void timesOfAStreamOnRequest() throws IOException {
    List<Map<String, Object>> chunks =
        Chunks.of(server.postChat("abc", ",\"stream\":true,\"timings_per_token\":true"));
    Map<String, Object> last = chunks.getLast();
    assertEquals(3L, RawClient.at(last, "timings.predicted_n"));
    assertEquals(4L, RawClient.at(last, "timings.cache_n"));
    assertEquals(5L, RawClient.at(last, "timings.prompt_n"));
    assertEquals(1L, RawClient.at(chunks.get(1), "timings.predicted_n"));
    assertFalse(server.postChat("abc", ",\"stream\":true").text().contains("timings"));
  }

  @Test
  void aGapIsFilled() throws IOException {
    server.postCompletion("ab", ",\"suffix\":\"cd\"");
    assertArrayEquals(
        new int[] {1, 'a', 'b', '\n', 'c', 'd', 2}, server.model.lastRequest().prompt());
    server.post("/v1/completions", "{\"prompt\":[97],\"suffix\":\"c\"}");
    assertArrayEquals(new int[] {1, 'a', '\n', 'c', 2}, server.model.lastRequest().prompt());
    assertEquals("ab", server.postCompletion("ab", ",\"suffix\":\"\"").at("choices.0.text"));
  }
}
