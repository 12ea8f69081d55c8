package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts and tokens without an answer. */
class TokensApiTest {
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tokenize", "/v1/tokenize"})
  void textToTokens(String path) throws IOException {
    RawClient.Answer answer = server.post(path, "{\"content\":\"ab\"}");
    assertEquals(List.of(97L, 98L), answer.at("tokens"), answer::text);
    assertEquals(2L, answer.at("count"));
    assertEquals(2000L, answer.at("max_model_len"));
    RawClient.Answer vllm =
        server.post(path, "{\"prompt\":\"ab\",\"return_token_strs\":true,\"model\":\"echo\"}");
    assertEquals(List.of("a", "b"), vllm.at("token_strs"));
  }

  @Test
  void piecesHaveTextOrBytes() throws IOException {
    RawClient.Answer answer = server.post("/tokenize", "{\"content\":\"aé\",\"with_pieces\":true}");
    assertEquals(Map.of("id", 97L, "piece", "a"), answer.at("tokens.0"), answer::text);
    assertEquals(List.of(195L), answer.at("tokens.1.piece"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/detokenize", "/v1/detokenize"})
  void tokensToText(String path) throws IOException {
    RawClient.Answer answer = server.post(path, "{\"tokens\":[97,98]}");
    assertEquals("ab", answer.at("content"), answer::text);
    assertEquals("ab", answer.at("prompt"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/tokenize | {} | content",
        "/tokenize | {\"content\":5} | content",
        "/tokenize | {\"content\":\"a\",\"x\":1} | x",
        "/detokenize | {} | tokens",
        "/detokenize | {\"tokens\":\"a\"} | tokens",
        "/detokenize | {\"tokens\":[257]} | tokens",
        "/detokenize | {\"tokens\":[-1]} | tokens",
        "/apply-template | {} | messages",
        "/v1/chat/completions/input_tokens | {\"messages\":[]} | messages"
      })
  void badInput(String path, String body, String param) throws IOException {
    RawClient.Answer answer = server.post(path, body);
    assertEquals(400, answer.status(), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
  }

  @Test
  void aChatCanBeCountedBefore() throws IOException {
    RawClient.Answer answer =
        server.post("/v1/chat/completions/input_tokens", TestServer.chat("hello", ""));
    assertEquals(11L, answer.at("input_tokens"), answer::text);
    assertEquals(11L, server.postChat("hello", "").at("usage.prompt_tokens"));
    // What would not fit can be counted too.
    RawClient.Answer long_ =
        server.post("/v1/chat/completions/input_tokens", TestServer.chat("x".repeat(3000), ""));
    assertEquals(3006L, long_.at("input_tokens"), long_::text);
    assertEquals(2000L, long_.at("solebox.context_tokens"));
  }

  @Test
  void aChatAsTheModelSeesIt() throws IOException {
    RawClient.Answer answer = server.post("/apply-template", TestServer.chat("hello", ""));
    assertEquals("user\nhello\n", answer.at("prompt"), answer::text);
    RawClient.Answer tokens = server.post("/tokenize", TestServer.chat("hi", ""));
    assertEquals(8L, tokens.at("count"), tokens::text);
    assertTrue(tokens.at("tokens") instanceof List<?>);
  }
}
