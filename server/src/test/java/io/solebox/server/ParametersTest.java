package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real programs send: it works, or it is refused with the true reason. */
class ParametersTest {
  private static final String USER = "{\"role\":\"user\",\"content\":\"hi\"}";
  private static final String CALL =
      "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"a1\",\"type\":\"function\","
          + "\"function\":{\"name\":\"time\",\"arguments\":\"{\\\"zone\\\":\\\"utc\\\"}\"}}]}";
  private static final String RESULT =
      "{\"role\":\"tool\",\"tool_call_id\":\"a1\",\"content\":\"12:00\"}";

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer messages(String messages, String more) throws IOException {
    return server.post("/v1/chat/completions", "{\"messages\":[" + messages + "]" + more + "}");
  }

  private static void answered(String text, RawClient.Answer answer) {
    assertEquals(200, answer.status(), answer::text);
    assertEquals(text, answer.at("choices.0.message.content"), answer::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"stop\":null",
        "\"stop\":[]",
        "\"stop\":\"\"",
        "\"stop\":[\"\"]",
        "\"stop\":[\"\",\"never\"]",
        "\"max_tokens\":-1",
        "\"n_predict\":-1",
        "\"max_tokens\":99999999999999999999999",
        "\"max_tokens\":1e300",
        "\"max_completion_tokens\":5.0",
        "\"seed\":-1",
        "\"seed\":36893488147419103232",
        "\"seed\":1e30",
        "\"seed\":-1e999",
        "\"top_k\":-1",
        "\"top_k\":0",
        "\"top_k\":99999999999",
        "\"repeat_penalty\":1.1,\"repeat_last_n\":-1",
        "\"logit_bias\":{}",
        "\"logit_bias\":[]",
        "\"logit_bias\":[[5,-100],[6,false]]",
        "\"tools\":[],\"tool_choice\":\"auto\"",
        "\"tools\":null,\"tool_choice\":null",
        "\"tools\":[{\"type\":\"function\"}],\"tool_choice\":\"none\"",
        "\"cache_prompt\":true,\"id_slot\":-1,\"n_keep\":4",
        "\"mirostat\":0,\"tfs_z\":1.0,\"dry_multiplier\":0.0,\"xtc_probability\":0",
        "\"keep_alive\":\"5m\",\"think\":false",
        "\"use_beam_search\":false,\"length_penalty\":1.0,\"guided_json\":null,\"priority\":3",
        "\"ttl\":60,\"draft_model\":\"x\"",
        "\"metadata\":{\"a\":[[[[1]]]]},\"user\":\"me\",\"prediction\":{\"content\":\"x\"}",
        "\"chat_template_kwargs\":{\"enable_thinking\":false},\"reasoning_effort\":\"low\"",
        "\"response_format\":{\"type\":\"text\"},\"modalities\":[\"text\"]",
        "\"logprobs\":false,\"top_logprobs\":0",
        "\"strict\":true",
        "\"strict\":false,\"user\":\"me\""
      })
  void answeredAllTheSame(String member) throws IOException {
    answered("hi", server.postChat("hi", "," + member));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"max_tokens\":-3 | invalid_value | max_tokens",
        "\"n_predict\":\"x\" | invalid_type | n_predict",
        "\"temperature\":1e-50 | invalid_value | temperature",
        "\"temperature\":1e39 | invalid_value | temperature",
        "\"temperature\":1e400 | invalid_value | temperature",
        "\"min_p\":1e-46 | invalid_value | min_p",
        "\"presence_penalty\":1e-50 | invalid_value | presence_penalty",
        "\"frequency_penalty\":-1e39 | invalid_value | frequency_penalty",
        "\"n_predict\":3,\"max_tokens\":4 | invalid_value | max_tokens",
        "\"temprature\":1 | unknown_parameter | temprature",
        "\"Temperature\":1 | unknown_parameter | Temperature",
        "\"grammar\":\"root ::= x\" | bad_grammar | grammar",
        "\"guided_json\":{\"type\":\"thing\"} | bad_grammar | guided_json",
        "\"options\":{\"num_ctx\":4096} | unsupported_parameter | options",
        "\"mirostat\":2 | unsupported_parameter | mirostat",
        "\"chat_template\":\"x\" | unsupported_parameter | chat_template",
        "\"chat_template_kwargs\":{\"messages\":[]} | invalid_value |"
            + " chat_template_kwargs.messages",
        "\"chat_template_kwargs\":5 | invalid_type | chat_template_kwargs",
        "\"tool_choice\":\"required\" | invalid_value | tool_choice",
        "\"tool_choice\":\"any\" | invalid_value | tool_choice",
        "\"tool_choice\":5 | invalid_type | tool_choice",
        "\"tool_choice\":{\"type\":\"function\"} | missing_required_parameter |"
            + " tool_choice.function",
        "\"modalities\":[null] | unsupported_parameter | modalities",
        "\"modalities\":[[]] | unsupported_parameter | modalities",
        "\"response_format\":{\"type\":5} | invalid_type | response_format.type",
        "\"logit_bias\":[[5]] | invalid_type | logit_bias",
        "\"logit_bias\":[[5,\"x\"]] | invalid_type | logit_bias",
        "\"strict\":true,\"metadata\":{\"a\":\"b\"} | unsupported_parameter | metadata",
        "\"continue_final_message\":true | invalid_value | continue_final_message",
        "\"temperature\":1e999 | invalid_value | temperature"
      })
  void refusedByName(String member, String code, String param) throws IOException {
    RawClient.Answer answer = server.postChat("hi", "," + member);
    assertEquals(400, answer.status(), answer::text);
    assertEquals(code, answer.at("error.code"), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
  }

  @Test
  void misspellingsAreToldWhatMayBeMeant() throws IOException {
    assertTrue(server.postChat("hi", ",\"temprature\":1").text().contains("'temperature'?"));
    assertTrue(server.postCompletion("hi", ",\"max_token\":1").text().contains("'max_tokens'?"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"role\":\"user\",\"content\":\"hi\",\"id\":7,\"opts\":{\"visible\":false},\"x_y\":[1]}",
        "{\"role\":\"user\",\"content\":\"hi\",\"timestamp\":1732022963}",
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\",\"cache_control\":{}}]}",
        "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"hi\",\"own\":1}]}",
        "{\"role\":\"system\",\"content\":\"\"},{\"role\":\"user\",\"content\":\"hi\"}",
        "{\"role\":\"system\",\"content\":null},{\"role\":\"user\",\"content\":\"hi\"}",
        "{\"role\":\"user\",\"content\":[]},{\"role\":\"assistant\"},{\"role\":\"user\",\"content\":\"hi\"}",
      })
  void messagesAsProgramsKeepThem(String messages) throws IOException {
    answered("hi", messages(messages, ""));
  }

  @Test
  void ourOwnAnswerCanBeSentBack() throws IOException {
    Map<?, ?> message = (Map<?, ?>) server.postChat("ab", "").at("choices.0.message");
    String sent =
        new JsonWriter()
            .text(message)
            .replace("\"refusal\"", "\"reasoning\":\"hm\",\"reasoning_details\":[{}],\"refusal\"");
    answered("hi", messages(USER + "," + sent + "," + USER, ""));
  }

  @Test
  void historiesWithToolsAreRendered() throws IOException {
    answered("12:00", messages(USER + "," + CALL + "," + RESULT, ""));
    RawClient.Answer broken =
        messages(USER + "," + CALL.replace("\"name\":\"time\",", "") + "," + RESULT, "");
    assertEquals("messages[1].tool_calls[0].function.name", broken.at("error.param"));
    String old =
        "{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"no"
            + " JSON\"}},{\"role\":\"function\",\"name\":\"f\",\"content\":\"13:00\"}";
    answered("13:00", messages(USER + "," + old, ""));
  }

  @Test
  void anAnswerCanBeGoneOnWith() throws IOException {
    String begun = "{\"role\":\"assistant\",\"content\":\"begun\"%s}";
    // The echo of the last line: the template writes it, but not the end of the line.
    String more = ",\"continue_final_message\":true,\"max_tokens\":3";
    RawClient.Answer answer = messages(USER + "," + begun.formatted(""), more);
    answered("beg", answer);
    assertEquals(23L, answer.at("usage.prompt_tokens")); // user, hi, assistant, begun; no last end
    answered("begun", messages(USER + "," + begun.formatted(",\"prefix\":true"), ""));
    assertEquals(
        "messages",
        messages("{\"role\":\"user\",\"content\":\"x\",\"prefix\":true}", "").at("error.param"));
    String both = ",\"continue_final_message\":true,\"add_generation_prompt\":true";
    assertEquals(400, messages(USER + "," + begun.formatted(""), both).status());
  }

  @Test
  void severalPromptsAreSeveralChoices() throws IOException {
    RawClient.Answer answer =
        server.post("/v1/completions", "{\"prompt\":[\"ab\",\"c\",\"\\u00e9\"],\"logprobs\":0}");
    assertEquals(3, ((List<?>) answer.at("choices")).size(), answer::text);
    assertEquals("c", answer.at("choices.1.text"));
    assertEquals(1L, answer.at("choices.1.index"));
    assertEquals("é", answer.at("choices.2.text"));
    assertEquals(5L, answer.at("usage.completion_tokens"));
    List<String> events =
        server.post("/v1/completions", "{\"prompt\":[[97],[98,99]],\"stream\":true}").events();
    assertEquals("[DONE]", events.getLast());
    assertEquals(6, events.size());
    // Choices take turns as they come.
    assertEquals(3, events.stream().filter(event -> event.contains("\"index\":1")).count());
    for (String wrong : List.of("[\"a\",5]", "[\"a\",[\"b\"]]", "[[]]", "[null]", "{}")) {
      RawClient.Answer refused = server.post("/v1/completions", "{\"prompt\":" + wrong + "}");
      assertEquals(400, refused.status(), wrong);
      assertEquals("prompt", refused.at("error.param"));
    }
    assertEquals(
        400,
        server
            .post("/v1/completions", "{\"prompt\":[" + "\"a\",".repeat(200) + "\"a\"]}")
            .status());
  }

  @Test
  void echoes() throws IOException {
    RawClient.Answer answer = server.postCompletion("ab", ",\"echo\":true");
    assertEquals("abab", answer.at("choices.0.text"));
    RawClient.Answer alone =
        server.postCompletion("ab", ",\"echo\":true,\"max_tokens\":0,\"logprobs\":1");
    assertEquals("ab", alone.at("choices.0.text"));
    assertEquals("length", alone.at("choices.0.finish_reason"));
    assertNull(alone.at("choices.0.logprobs.token_logprobs.0"));
    double score = (double) alone.at("choices.0.logprobs.token_logprobs.1");
    assertEquals(-Math.log(257), score, 1e-5);
    RawClient.Answer chosen =
        server.postCompletion("ab", ",\"echo\":true,\"max_tokens\":0,\"logprobs\":0");
    assertEquals(
        alone.at("choices.0.logprobs.token_logprobs"),
        chosen.at("choices.0.logprobs.token_logprobs"));
    assertNull(chosen.at("choices.0.logprobs.top_logprobs"));
    assertEquals(0L, alone.at("usage.completion_tokens"));
    List<String> events =
        server.postCompletion("ab", ",\"echo\":true,\"stream\":true,\"max_tokens\":1").events();
    assertTrue(events.getFirst().contains("\"text\":\"ab\""), events::toString);
    assertEquals(400, server.postCompletion("ab", ",\"max_tokens\":0").status());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aClientThatLeavesEndsTheScoringToo(int alternatives) throws Exception {
    server.model.pace(60_000, 0);
    long begin = System.nanoTime();
    try (RawClient client = server.client()) {
      client.post(
          "/v1/completions",
          "{\"prompt\":\"abc\",\"echo\":true,\"max_tokens\":0,\"logprobs\":%d}"
              .formatted(alternatives));
      Thread.sleep(100);
    }
    server.server.drain(Duration.ofSeconds(20));
    assertTrue(System.nanoTime() - begin < 10_000_000_000L);
  }

  @Test
  void modelsByOtherNames() throws IOException {
    for (String name : List.of("echo", "ECHO", "echo.gguf", "echo:latest", "", "Echo.GGUF")) {
      RawClient.Answer answer =
          server.post("/v1/completions", "{\"model\":\"" + name + "\",\"prompt\":\"x\"}");
      assertEquals("echo", answer.at("model"), answer::text);
    }
    ServerConfig config = ServerConfig.defaults().withNames(Map.of("gpt-4o", "echo"), true);
    try (TestServer named = new TestServer(config)) {
      for (String name : List.of("gpt-4o", "whatever")) {
        assertEquals(
            200,
            named
                .post("/v1/completions", "{\"model\":\"" + name + "\",\"prompt\":\"x\"}")
                .status());
      }
      RawClient.Answer list = named.get("/v1/models");
      assertEquals("gpt-4o", list.at("data.1.id"));
      assertEquals("echo", list.at("data.1.solebox.alias_of"));
      assertEquals("gpt-4o", named.get("/v1/models/gpt-4o").at("id"));
    }
  }

  @Test
  void errorsSayWhere() throws IOException {
    RawClient.Answer half =
        messages(USER + ",{\"role\":\"assistant\",\"content\":\"x \\ud83d\"}", "");
    assertEquals("invalid_json", half.at("error.code"));
    String message = (String) half.at("error.message");
    assertTrue(message.contains("half a surrogate pair"), message);
    assertTrue(message.contains("messages[1].content"), message);
    assertTrue(message.contains("line 1, column "), message);
  }

  @Test
  void errorsAreNotCutInsideACharacter() throws IOException {
    for (int shift = 0; shift < 3; shift++) {
      String name = "x".repeat(shift) + "😀".repeat(2000);
      for (RawClient.Answer answer :
          List.of(
              server.post("/v1/completions", "{\"prompt\":\"a\",\"" + name + "\":1}"),
              server.post("/v1/completions", "{\"prompt\":\"a\",\"model\":\"" + name + "\"}"),
              messages("{\"role\":\"" + name + "\",\"content\":\"x\"}", ""),
              server.postChat("x", ",\"logit_bias\":{\"" + name + "\":1}"))) {
        assertTrue(answer.status() == 400 || answer.status() == 404, answer::text);
        assertFalse(answer.text().contains("\ufffd"), answer::text);
      }
    }
  }

  @Test
  void aLateErrorNamesTheParameterOfItsEndpoint() throws IOException {
    RawClient.Answer completion = server.postCompletion("x".repeat(2500), "");
    assertEquals("prompt", completion.at("error.param"));
    RawClient.Answer chat = server.postChat("x".repeat(2500), "");
    assertEquals("messages", chat.at("error.param"));
  }
}
