package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong requests get OpenAI-shaped errors that name what is wrong. */
class BadRequestTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        new TestServer(
            ServerConfig.defaults().withLimits(HttpLimits.defaults().withMaxBodyBytes(100_000)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertError(RawClient.Answer answer, int status, String code, String param) {
    assertEquals(status, answer.status(), answer::text);
    assertEquals("application/json", answer.headers().get("content-type"));
    assertEquals(code, answer.at("error.code"), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
    assertEquals(status >= 500 ? "server_error" : "invalid_request_error", answer.at("error.type"));
    assertFalse(((String) answer.at("error.message")).isBlank());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"temperature\":\"hot\" | invalid_type | temperature",
        "\"temperature\":-1 | invalid_value | temperature",
        "\"temperature\":[1] | invalid_type | temperature",
        "\"top_p\":1.5 | invalid_value | top_p",
        "\"top_k\":1.5 | invalid_type | top_k",
        "\"top_k\":-2 | invalid_value | top_k",
        "\"min_p\":true | invalid_type | min_p",
        "\"typical_p\":-0.1 | invalid_value | typical_p",
        "\"repetition_penalty\":0 | invalid_value | repetition_penalty",
        "\"presence_penalty\":3 | invalid_value | presence_penalty",
        "\"frequency_penalty\":-2.5 | invalid_value | frequency_penalty",
        "\"max_tokens\":0 | invalid_value | max_tokens",
        "\"max_tokens\":\"5\" | invalid_type | max_tokens",
        "\"max_tokens\":5,\"max_completion_tokens\":6 | invalid_value | max_tokens",
        "\"seed\":1.5 | invalid_type | seed",
        "\"stream\":1 | invalid_type | stream",
        "\"stream\":\"true\" | invalid_type | stream",
        "\"stream_options\":{\"include_usage\":true} | invalid_value | stream_options",
        "\"stream\":true,\"stream_options\":{\"x\":1} | unknown_parameter | stream_options.x",
        "\"stop\":5 | invalid_type | stop",
        "\"stop\":[\"a\",1] | invalid_type | stop",
        "\"stop_token_ids\":[257] | invalid_value | stop_token_ids",
        "\"stop_token_ids\":\"a\" | invalid_type | stop_token_ids",
        "\"logit_bias\":{\"x\":1} | invalid_value | logit_bias",
        "\"logit_bias\":{\"257\":1} | invalid_value | logit_bias",
        "\"logit_bias\":{\"5\":101} | invalid_value | logit_bias.5",
        "\"logit_bias\":{\"5\":\"a\"} | invalid_type | logit_bias.5",
        "\"logprobs\":3 | invalid_type | logprobs",
        "\"top_logprobs\":3 | invalid_value | top_logprobs",
        "\"logprobs\":true,\"top_logprobs\":21 | invalid_value | top_logprobs",
        "\"n\":129 | invalid_value | n",
        "\"n\":\"2\" | invalid_type | n",
        "\"n\":0 | invalid_value | n",
        "\"tools\":[{\"type\":\"function\"}] | missing_required_parameter | tools[0].function",
        "\"tool_choice\":\"required\" | invalid_value | tool_choice",
        "\"functions\":[{}] | missing_required_parameter | functions[0].name",
        "\"documents\":[\"x\"] | unsupported_parameter | documents",
        "\"documents\":[5] | invalid_type | documents[0]",
        "\"min_tokens\":-1 | invalid_value | min_tokens",
        "\"service_tier\":\"gold\" | invalid_value | service_tier",
        "\"timeout\":0 | invalid_value | timeout",
        "\"timeout\":\"1s\" | invalid_type | timeout",
        "\"response_format\":{\"type\":\"structural_tag\"} | unsupported_parameter |"
            + " response_format.type",
        "\"response_format\":\"json\" | invalid_type | response_format",
        "\"modalities\":[\"text\",\"audio\"] | unsupported_parameter | modalities",
        "\"temprature\":1 | unknown_parameter | temprature"
      })
  void chatParameter(String member, String code, String param) throws IOException {
    assertError(server.postChat("hi", "," + member), 400, code, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"hi\" | invalid_type | messages",
        "[] | invalid_value | messages",
        "null | missing_required_parameter | messages",
        "[\"hi\"] | invalid_type | messages[0]",
        "[{}] | missing_required_parameter | messages[0].role",
        "[{\"role\":\"user\"}] | missing_required_parameter | messages[0].content",
        "[{\"role\":\"king\",\"content\":\"x\"}] | invalid_value | messages[0].role",
        "[{\"role\":\"user\",\"content\":5}] | invalid_type | messages[0].content",
        "[{\"role\":\"user\",\"content\":[{}]}] | missing_required_parameter"
            + " | messages[0].content[0].type",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]"
            + " | unsupported_parameter | messages[0].content[0].type",
        "[{\"role\":\"user\",\"content\":\"x\",\"tool_calls\":[{}]}]"
            + " | missing_required_parameter | messages[0].tool_calls[0].function",
        "[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"user\",\"content\":\"y\"}]"
            + " | bad_template | messages"
      })
  void messages(String messages, String code, String param) throws IOException {
    assertError(
        server.post("/v1/chat/completions", "{\"messages\":" + messages + "}"), 400, code, param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"prompt\":5 | invalid_type | prompt",
        "\"prompt\":[] | invalid_value | prompt",
        "\"prompt\":[257] | invalid_value | prompt",
        "\"prompt\":[1,\"a\"] | invalid_type | prompt",
        "\"prompt\":null | missing_required_parameter | prompt",
        "\"prompt\":\"a\",\"logprobs\":true | invalid_type | logprobs",
        "\"prompt\":\"a\",\"logprobs\":21 | invalid_value | logprobs",
        "\"prompt\":\"a\",\"n\":3,\"best_of\":2 | invalid_value | best_of",
        "\"prompt\":\"a\",\"stream\":true,\"best_of\":2 | invalid_value | best_of",
        "\"prompt\":[\"a\",\"b\"],\"n\":65 | invalid_value | n",
        "\"prompt\":\"a\",\"suffix\":5 | invalid_type | suffix",
        "\"prompt\":\"a\",\"suffix\":\"b\",\"echo\":true | invalid_value | echo",
        "\"prompt\":\"a\",\"tools\":[] | unknown_parameter | tools"
      })
  void completionParameter(String members, String code, String param) throws IOException {
    assertError(server.post("/v1/completions", "{" + members + "}"), 400, code, param);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "5",
        "{}{}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{\"a\":1e99999999999}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":01}",
        "{\"a\":\"\u0001\"}"
      })
  void notJson(String body) throws IOException {
    RawClient.Answer answer =
        server.post(
            "/v1/chat/completions",
            body,
            body.isEmpty() ? "Content-Type: application/json" : "X-Nothing: 1");
    assertError(answer, 400, "invalid_json", null);
  }

  @Test
  void notUtf8() throws IOException {
    try (RawClient client = server.client()) {
      client.request("POST", "/v1/completions", new byte[] {'{', '"', (byte) 0xff, '"'});
      assertError(client.receive(), 400, "invalid_json", null);
    }
  }

  @Test
  void nestedTooDeep() throws IOException {
    String body = "{\"a\":" + "[".repeat(40_000) + "]".repeat(40_000) + "}";
    assertError(server.post("/v1/completions", body), 400, "invalid_json", null);
  }

  @Test
  void tooLong() throws IOException {
    String body = "{\"prompt\":\"" + "x".repeat(150_000) + "\"}";
    assertError(server.post("/v1/completions", body), 413, "request_too_large", null);
    try (RawClient client = server.client()) {
      client.request(
          "POST",
          "/v1/completions",
          new byte[0],
          "Content-Type: application/json",
          "Transfer-Encoding: chunked");
      for (int i = 0; i < 11; i++) {
        client.send("2710\r\n" + "x".repeat(10_000) + "\r\n");
      }
      client.send("0\r\n\r\n");
      assertError(client.receive(), 413, "request_too_large", null);
    }
  }

  @Test
  void wrongContentType() throws IOException {
    try (RawClient client = server.client()) {
      client.send(
          "POST /v1/completions HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: text/plain\r\n"
                  .formatted(server.server.port())
              + "Content-Length: 2\r\n\r\n{}");
      assertError(client.receive(), 415, "unsupported_content_type", null);
    }
  }

  @Test
  void unknownModel() throws IOException {
    RawClient.Answer answer =
        server.post("/v1/completions", "{\"model\":\"gpt-4\",\"prompt\":\"x\"}");
    assertError(answer, 404, "model_not_found", "model");
    assertTrue(answer.text().contains("echo"));
  }

  @Test
  void missingModelOfSeveral() throws IOException {
    try (TestServer two = new TestServer()) {
      two.ready("plain", new EchoModel(false));
      assertError(
          two.post("/v1/completions", "{\"prompt\":\"x\"}"),
          400,
          "missing_required_parameter",
          "model");
      assertError(
          two.post(
              "/v1/chat/completions",
              "{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
          400,
          "no_chat_template",
          "model");
    }
  }

  @Test
  void tooLongForTheContext() throws IOException {
    RawClient.Answer answer = server.postChat("x".repeat(2500), "");
    assertError(answer, 400, "context_length_exceeded", "messages");
    assertTrue(answer.text().contains("2506") && answer.text().contains("2000"));
    assertError(
        server.postCompletion("x".repeat(2500), ",\"stream\":true"),
        400,
        "context_length_exceeded",
        "prompt");
  }

  @Test
  void unknownRoutesAndMethods() throws IOException {
    assertError(server.get("/v1/nothing"), 404, "unknown_url", null);
    assertError(server.get("/v1"), 404, "unknown_url", null);
    assertError(server.get("/../etc/passwd"), 400, "invalid_request", null);
    RawClient.Answer answer = server.get("/v1/completions");
    assertError(answer, 405, "method_not_supported", null);
    assertEquals("POST", answer.headers().get("allow"));
    assertError(server.post("/health", "{}"), 405, "method_not_supported", null);
    assertError(server.call("DELETE", "/v1/models", ""), 405, "method_not_supported", null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "NONSENSE\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"
      })
  void brokenHttp(String request) throws IOException {
    try (RawClient client = server.client()) {
      client.send(request);
      RawClient.Answer answer = client.receive();
      assertTrue(answer.status() == 400 || answer.status() == 403, answer::text);
      assertEquals("invalid_request_error", answer.at("error.type"));
    }
  }

  @Test
  void ourOwnBugIsLoggedAndNotShown() throws IOException {
    PrintStream stderr = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (TestServer own = new TestServer()) {
      RawClient.Answer answer = own.postChat("!bug", "");
      assertError(answer, 500, "internal_error", null);
      assertFalse(answer.text().contains("secret"));
      String incident = ((String) answer.at("error.message")).replaceAll(".* as (\\w+)\\.", "$1");
      assertTrue(log.toString(StandardCharsets.UTF_8).contains(incident));
      assertTrue(log.toString(StandardCharsets.UTF_8).contains("secret trace"));
    } finally {
      System.setErr(stderr);
    }
  }

  @Test
  void failureInTheMiddle() throws IOException {
    PrintStream stderr = System.err;
    System.setErr(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    try (TestServer own = new TestServer()) {
      assertError(own.postChat("!fail", ""), 500, "io_error", null);
      RawClient.Answer streamed = own.postChat("!fail", ",\"stream\":true");
      assertEquals(200, streamed.status());
      String last = streamed.events().getLast();
      assertTrue(last.startsWith("{\"error\":{\"message\":\"The disk is gone. Find it.\""), last);
      assertNull(streamed.headers().get("content-length"));
    } finally {
      System.setErr(stderr);
    }
  }
}
