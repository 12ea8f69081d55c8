package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes that llama-server has of its own. */
class LlamaApiTest {
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("vectors", EchoModel.pooling("bert", Pooling.MEAN));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer complete(String prompt, String more) throws IOException {
    return server.post(
        "/completion", "{\"model\":\"echo\",\"prompt\":%s%s}".formatted(prompt, more));
  }

  private static Map<String, Object> json(String text) {
    return new JsonReader(JsonLimits.LOCAL).readObject(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aWholeCompletion() throws IOException {
    RawClient.Answer answer = complete("\"añb\"", ",\"return_tokens\":true");
    assertEquals(200, answer.status(), answer::text);
    assertEquals("añb", answer.at("content"));
    assertEquals(true, answer.at("stop"));
    assertEquals("eos", answer.at("stop_type"));
    assertEquals("", answer.at("stopping_word"));
    assertEquals(List.of(97L, 195L, 177L, 98L), answer.at("tokens"));
    assertEquals(4L, answer.at("tokens_predicted"));
    assertEquals(4L, answer.at("tokens_evaluated"));
    assertEquals(4L, answer.at("tokens_cached"));
    assertEquals("añb", answer.at("prompt"));
    assertEquals(false, answer.at("truncated"));
    assertEquals(40L, answer.at("generation_settings.top_k"));
    assertEquals(0.95, answer.at("generation_settings.top_p"));
    assertEquals(4L, answer.at("timings.predicted_n"));
    assertEquals(3.0, answer.at("timings.predicted_ms"));
    assertEquals(
        "[]",
        server
            .post("/completions", "{\"model\":\"echo\",\"prompt\":\"a\"}")
            .at("tokens")
            .toString());
  }

  @Test
  void whyItEnds() throws IOException {
    RawClient.Answer cut = complete("\"abcdef\"", ",\"n_predict\":3");
    assertEquals("abc", cut.at("content"));
    assertEquals("limit", cut.at("stop_type"));
    RawClient.Answer word = complete("\"abcdef\"", ",\"stop\":[\"de\"]");
    assertEquals("abc", word.at("content"));
    assertEquals("word", word.at("stop_type"));
    assertEquals("de", word.at("stopping_word"));
  }

  @Test
  void aStreamInParts() throws IOException {
    List<String> events = complete("\"ab\"", ",\"stream\":true").events();
    assertEquals(3, events.size());
    Map<String, Object> first = json(events.getFirst());
    assertEquals("a", first.get("content"));
    assertEquals(false, first.get("stop"));
    assertEquals(List.of(97L), first.get("tokens"));
    Map<String, Object> last = json(events.getLast());
    assertEquals("", last.get("content"));
    assertEquals(true, last.get("stop"));
    assertEquals("eos", last.get("stop_type"));
    Map<String, Object> broken = json(complete("\"!fail\"", ",\"stream\":true").events().getLast());
    assertEquals(500L, RawClient.at(broken, "error.code"));
  }

  @Test
  void probabilitiesOfEachToken() throws IOException {
    RawClient.Answer whole = complete("\"ab\"", ",\"n_probs\":2");
    assertEquals(2, ((List<?>) whole.at("completion_probabilities")).size(), whole::text);
    assertEquals(97L, whole.at("completion_probabilities.0.id"));
    assertEquals("a", whole.at("completion_probabilities.0.token"));
    assertEquals(List.of(97L), whole.at("completion_probabilities.0.bytes"));
    assertEquals(-0.25, whole.at("completion_probabilities.0.logprob"));
    assertEquals(63L, whole.at("completion_probabilities.0.top_logprobs.1.id"));
    assertEquals(-9999.0, whole.at("completion_probabilities.0.top_logprobs.1.logprob"));
    List<String> events = complete("\"ab\"", ",\"n_probs\":1,\"stream\":true").events();
    Map<String, Object> first = json(events.getFirst());
    assertEquals(97L, RawClient.at(first, "completion_probabilities.0.id"));
    assertEquals(1, ((List<?>) first.get("completion_probabilities")).size());
    assertFalse(complete("\"ab\"", "").json().containsKey("completion_probabilities"));
  }

  @Test
  void answersHaveTheMembersThatAreAskedFor() throws IOException {
    String wished = ",\"response_fields\":[\"content\",\"generation_settings/top_k\",\"no/such\"]";
    assertEquals(
        Map.of("content", "ab", "generation_settings/top_k", 40L),
        complete("\"ab\"", wished).json());
    List<String> events = complete("\"ab\"", wished + ",\"stream\":true").events();
    assertEquals(Map.of("content", "", "generation_settings/top_k", 40L), json(events.getLast()));
    assertTrue(
        complete("\"ab\"", ",\"response_fields\":[]").json().containsKey("generation_settings"));
  }

  @Test
  void tokensAreBiasedByIdsAndTexts() throws IOException {
    complete("\"ab\"", ",\"logit_bias\":[[97,-100],[\"bc\",1.5],[\"d\",false]]");
    assertEquals(
        Map.of(97, -100f, 98, 1.5f, 99, 1.5f, 100, -100f),
        server.model.lastRequest().sampling().logitBias());
    complete("\"ab\"", ",\"logit_bias\":{\"97\":2,\"b\":3}");
    assertEquals(Map.of(97, 2f, 98, 3f), server.model.lastRequest().sampling().logitBias());
    // Of a pair a string is a text, whatever it looks like; a name that is a number is an id.
    complete("\"ab\"", ",\"logit_bias\":[[\"97\",1]]");
    assertEquals(
        Map.of((int) '9', 1f, (int) '7', 1f), server.model.lastRequest().sampling().logitBias());
    for (String name : List.of("999", "-1", "99999999999999999999")) {
      RawClient.Answer refused = complete("\"ab\"", ",\"logit_bias\":{\"" + name + "\":1}");
      assertEquals(400, refused.status(), refused::text);
      assertEquals("logit_bias", refused.at("error.param"));
    }
    assertEquals(400, complete("\"ab\"", ",\"logit_bias\":[[\"\",1]]").status());
  }

  @Test
  void adaptersAreListed() throws IOException {
    assertEquals("[]", server.get("/lora-adapters").text());
  }

  @Test
  void promptsInAllTheirForms() throws IOException {
    assertEquals("hi", complete("[104,105]", "").at("content"));
    assertEquals("hiya", complete("[104,105,\"ya\"]", "").at("content"));
    assertEquals("hi", complete("[\"hi\"]", "").at("content"));
  }

  private static List<?> array(RawClient.Answer answer) {
    assertEquals(200, answer.status(), answer::text);
    return (List<?>) new JsonReader(JsonLimits.LOCAL).read(answer.body());
  }

  @Test
  void severalPromptsAreAnsweredEach() throws IOException {
    String three = "[\"ab\",[99,100],[101,\"f\"]]";
    List<?> whole = array(complete(three, ",\"return_tokens\":true"));
    assertEquals(3, whole.size());
    List<String> said = List.of("ab", "cd", "ef");
    for (int i = 0; i < 3; i++) {
      Map<?, ?> one = (Map<?, ?>) whole.get(i);
      assertEquals((long) i, one.get("index"));
      assertEquals(said.get(i), one.get("content"));
      assertEquals(said.get(i), one.get("prompt"));
      assertEquals(2L, one.get("tokens_evaluated"));
      assertEquals(2, ((List<?>) one.get("tokens")).size());
    }
    List<?> members = array(complete(three, ",\"response_fields\":[\"content\"]"));
    assertEquals(Map.of("content", "cd"), members.get(1));
    String many = "[" + "\"a\",".repeat(128) + "\"a\"]";
    assertEquals("prompt", complete(many, "").at("error.param"));
  }

  @Test
  void aStreamTellsWhichPromptIsAnswered() throws IOException {
    List<Map<String, Object>> parts =
        complete("[\"abc\",\"de\"]", ",\"stream\":true").events().stream()
            .map(LlamaApiTest::json)
            .toList();
    for (long index = 0; index < 2; index++) {
      long wanted = index;
      List<Map<String, Object>> own =
          parts.stream().filter(part -> part.get("index").equals(wanted)).toList();
      String said = index == 0 ? "abc" : "de";
      assertEquals(
          said, own.stream().map(part -> (String) part.get("content")).reduce("", String::concat));
      assertEquals(true, own.getLast().get("stop"));
      assertEquals(said, own.getLast().get("prompt"));
      assertEquals(1, own.stream().filter(part -> part.get("stop").equals(true)).count());
    }
  }

  @Test
  void whatTheServerIsLike() throws IOException {
    RawClient.Answer props = server.get("/props");
    assertEquals((long) EchoModel.CONTEXT, props.at("default_generation_settings.n_ctx"));
    assertEquals("echo", props.at("model_alias"));
    assertTrue(((String) props.at("chat_template")).contains("messages"));
    assertEquals(false, props.at("modalities.vision"));
    String slots = server.get("/slots").text();
    assertEquals(
        "[{\"id\":0,\"n_ctx\":"
            + EchoModel.CONTEXT
            + ",\"speculative\":false,\"is_processing\":false}]",
        slots);
  }

  @Test
  void anAnswerThatRunsHasASlot() throws Exception {
    server.model.pace(0, 20);
    try (RawClient client = server.client()) {
      client.post(
          "/completion",
          "{\"model\":\"echo\",\"prompt\":\"!forever\",\"n_predict\":500,\"stream\":true}");
      client.receiveHead();
      List<Map<String, Object>> slots = slots();
      while (slots.size() < 2 || RawClient.at(next(slots), "n_decoded").equals(0L)) {
        slots = slots();
      }
      Map<String, Object> slot = slots.getFirst();
      assertEquals(true, slot.get("is_processing"));
      assertTrue((Long) slot.get("id_task") >= 0);
      assertEquals(slot.get("n_prompt_tokens"), slot.get("n_prompt_tokens_processed"));
      assertEquals(500L, RawClient.at(slot, "params.n_predict"));
      long decoded = (Long) next(slots).get("n_decoded");
      assertEquals(500 - decoded, next(slots).get("n_remain"));
      assertEquals(true, next(slots).get("has_next_token"));
      assertEquals(false, slots.getLast().get("is_processing"));
    } finally {
      server.model.pace(0, 0);
    }
    while (slots().size() > 1) {
      Thread.onSpinWait(); // its client has gone
    }
  }

  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> slots() throws IOException {
    byte[] body = server.get("/slots").text().getBytes(StandardCharsets.UTF_8);
    return (List<Map<String, Object>>) new JsonReader(JsonLimits.LOCAL).read(body);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> next(List<Map<String, Object>> slots) {
    return ((List<Map<String, Object>>) slots.getFirst().get("next_token")).getFirst();
  }

  @Test
  void whoeverLooksLoadsNothing() throws IOException {
    server.engine.add("asleep", _ -> new EchoModel(true));
    for (String path : List.of("/props", "/slots")) {
      RawClient.Answer answer = server.get(path + "?model=asleep");
      assertEquals(503, answer.status());
      assertTrue(answer.text().contains("is not loaded"), answer.text());
      assertEquals(404, server.get(path + "?model=none").status());
    }
    assertEquals("unloaded", server.get("/v1/models/asleep").at("solebox.state"));
  }

  @Test
  void vectorsOfTexts() throws IOException {
    String one = server.post("/embedding", "{\"model\":\"vectors\",\"content\":\"abc\"}").text();
    assertTrue(one.startsWith("[{\"index\":0,\"embedding\":[["), one);
    String two =
        server.post("/embeddings", "{\"model\":\"vectors\",\"input\":[\"abc\",\"d\"]}").text();
    assertTrue(two.contains("\"index\":1"), two);
  }

  @Test
  void otherRoutesHaveItsNamesToo() throws IOException {
    assertEquals("echo", server.get("/models").at("data.0.id"));
    assertEquals(
        "hi",
        server
            .post("/chat/completions", TestServer.chat("hi", ""))
            .at("choices.0.message.content"));
  }

  @Test
  void gapsAreFilled() throws IOException {
    RawClient.Answer answer =
        server.post(
            "/infill",
            """
            {"model":"echo","input_prefix":"a","input_suffix":"b","prompt":"c",
             "input_extra":[{"filename":"f.c","text":"x"}]}\
            """);
    assertEquals("\u0001f.c\nx\na\nb\u0002c", answer.at("prompt"), answer::text);
    assertEquals("b\u0002c", answer.at("content")); // the last line of that
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/completion | {'model':'echo'} | 400 | prompt",
        "/completion | {'model':'no','prompt':'x'} | 404 | model",
        "/completion | {'model':'vectors','prompt':'x'} | 400 | model",
        "/completion | {'model':'echo','prompt':7} | 400 |",
        "/completion | {'model':'echo','prompt':[]} | 400 | prompt",
        "/completion | {'model':'echo','prompt':[999]} | 400 | prompt",
        "/completion | {'model':'echo','prompt':['a',[999]]} | 400 | prompt[1]",
        "/completion | {'model':'echo','prompt':['a',[]]} | 400 | prompt[1]",
        "/completion | {'model':'echo','prompt':['a',true]} | 400 | prompt[1]",
        "/completion | {'model':'echo','prompt':['a',null]} | 400 | prompt[1]",
        "/completion | {'model':'echo','prompt':[1,[2]]} | 400 | prompt",
        "/completion | {'model':'echo','prompt':'x','n_predict':0} | 400 | n_predict",
        "/completion | {'model':'echo','prompt':'x','temperature':-1} | 400 | temperature",
        "/completion | {'model':'echo','prompt':'x','stop':[1]} | 400 | stop",
        "/completion | {'model':'echo','prompt':'x','grammar':'root ::= x'} | 400 | grammar",
        "/completion | {'model':'echo','prompt':'x','n_probs':21} | 400 | n_probs",
        "/completion | {'model':'echo','prompt':'x','response_fields':[1]} | 400 | response_fields",
        "/completion | {'model':'echo','prompt':'x','logit_bias':[[999,1]]} | 400 | logit_bias",
        "/completion | {'model':'echo','prompt':'x','n_predcit':5} | 400 | n_predcit",
        "/infill | {'model':'echo','input_extra':[{'text':1}]} | 400 | input_extra[0].text",
        "/infill | {'model':'echo','input_extra':['x']} | 400 | input_extra[0]",
        "/embedding | {'model':'vectors'} | 400 | content",
        "/embedding | {'model':'vectors','content':[]} | 400 | content",
        "/embedding | {'model':'echo','content':'x'} | 400 | model",
      })
  void whatIsWrongIsNamed(String path, String body, int status, String param) throws IOException {
    RawClient.Answer answer = server.post(path, body.replace('\'', '"'));
    assertEquals(status, answer.status(), answer::text);
    assertEquals((long) status, answer.at("error.code"));
    assertFalse(((String) answer.at("error.type")).isBlank());
    if (param != null) {
      assertEquals(param, answer.at("error.param"), answer::text);
    }
  }

  @Test
  void aPromptThatIsTooLongIsRefusedInItsWords() throws IOException {
    RawClient.Answer answer = complete('"' + "x".repeat(3000) + '"', "");
    assertEquals(400, answer.status());
    assertEquals("exceed_context_size_error", answer.at("error.type"));
  }
}
