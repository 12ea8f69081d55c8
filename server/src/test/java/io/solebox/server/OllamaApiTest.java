package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import io.solebox.server.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes that answer as Ollama does. */
class OllamaApiTest {
  private static final String TOOLS =
      """
      ,"tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}]\
      """;

  private static final String CALL =
      "<tool_call>{\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {\\\"a\\\": 1}}</tool_call>";

  private static final String WHOLE = ",\"stream\":false";

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("caller", EchoModel.calling());
    server.ready("vectors", EchoModel.pooling("bert", Pooling.MEAN));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer chat(String model, String text, String more) throws IOException {
    return server.post(
        "/api/chat",
        """
        {"model":"%s","messages":[{"role":"user","content":"%s"}]%s}\
        """
            .formatted(model, text, more));
  }

  private RawClient.Answer generate(String prompt, String more) throws IOException {
    return server.post(
        "/api/generate", "{\"model\":\"echo\",\"prompt\":\"%s\"%s}".formatted(prompt, more));
  }

  @Test
  void aChatStreamsUnlessItIsToldNotTo() throws IOException {
    RawClient.Answer answer = chat("echo:latest", "añb", "");
    assertEquals("application/x-ndjson", answer.header("content-type"));
    List<Map<String, Object>> lines = answer.lines();
    assertEquals(4, lines.size());
    assertEquals("ñ", RawClient.at(lines.get(1), "message.content"));
    assertEquals("assistant", RawClient.at(lines.get(1), "message.role"));
    assertEquals(false, lines.get(1).get("done"));
    assertEquals("echo:latest", lines.get(1).get("model"));
    Instant.parse((String) lines.get(1).get("created_at"));
    Map<String, Object> last = lines.getLast();
    assertEquals(true, last.get("done"));
    assertEquals("stop", last.get("done_reason"));
    assertEquals("", RawClient.at(last, "message.content"));
    assertEquals(10L, last.get("prompt_eval_count"));
    assertEquals(4L, last.get("eval_count"));
    assertEquals(2_000_000L, last.get("prompt_eval_duration"));
    assertEquals(3_000_000L, last.get("eval_duration"));
    assertTrue((long) last.get("total_duration") >= (long) last.get("load_duration"));
    RawClient.Answer whole = chat("echo", "añb", WHOLE);
    assertEquals("application/json", whole.header("content-type"));
    assertEquals("añb", whole.at("message.content"));
    assertEquals(true, whole.at("done"));
  }

  @Test
  void aTextIsGoneOnWith() throws IOException {
    RawClient.Answer rendered = generate("hi", WHOLE);
    assertEquals("hi", rendered.at("response"));
    assertEquals(8L, rendered.at("prompt_eval_count")); // with the template's words
    List<?> context = (List<?>) rendered.at("context");
    assertEquals(10, context.size());
    RawClient.Answer next = generate("so", WHOLE + ",\"context\":" + context);
    assertEquals("so", next.at("response"));
    assertEquals(18L, next.at("prompt_eval_count"));
    RawClient.Answer system = generate("hi", WHOLE + ",\"system\":\"Be brief.\"");
    assertEquals(25L, system.at("prompt_eval_count"));
    RawClient.Answer raw = generate("hi", WHOLE + ",\"raw\":true");
    assertEquals(2L, raw.at("prompt_eval_count"));
    assertFalse(raw.json().containsKey("context"));
    RawClient.Answer gap = generate("a", WHOLE + ",\"suffix\":\"b\"");
    assertEquals(5L, gap.at("prompt_eval_count")); // with the tokens around the gap
    String said =
        generate("abc", "").lines().stream()
            .map(line -> (String) line.get("response"))
            .collect(Collectors.joining());
    assertEquals("abc", said);
  }

  @Test
  void aModelCanBeLoadedAlone() throws IOException {
    assertEquals("load", generate("", "").at("done_reason"));
    RawClient.Answer answer =
        server.post("/api/chat", "{\"model\":\"echo\",\"messages\":[],\"keep_alive\":\"5m\"}");
    assertEquals("load", answer.at("done_reason"));
    assertEquals("", answer.at("message.content"));
  }

  @Test
  void aModelLeavesWhenItIsTold() throws Exception {
    RawClient.Answer answer =
        server.post("/api/generate", "{\"model\":\"caller\",\"keep_alive\":0}");
    assertEquals("unload", answer.at("done_reason"));
    for (int i = 0; i < 100 && server.get("/api/ps").text().contains("caller"); i++) {
      Thread.sleep(50);
    }
    assertFalse(server.get("/api/ps").text().contains("caller"));
    chat("echo", "a", WHOLE + ",\"keep_alive\":\"1h30m\"");
    Instant expires = Instant.parse((String) server.get("/api/ps").at("models.0.expires_at"));
    assertTrue(expires.isAfter(Instant.now().plusSeconds(5000)));
    assertTrue(expires.isBefore(Instant.now().plusSeconds(5500)));
  }

  @Test
  void otherApisSayHowLongAModelStays() throws IOException {
    server.postChat("hi", ",\"ttl\":3000");
    assertStays(3000);
    server.postCompletion("hi", ",\"keep_alive\":\"2h\"");
    assertStays(7200);
  }

  private void assertStays(int seconds) throws IOException {
    Instant expires = Instant.parse((String) server.get("/api/ps").at("models.0.expires_at"));
    assertTrue(expires.isAfter(Instant.now().plusSeconds(seconds - 100)), expires::toString);
    assertTrue(expires.isBefore(Instant.now().plusSeconds(seconds + 100)), expires::toString);
  }

  @Test
  void optionsAreThoseOfTheEngine() throws IOException {
    String options = WHOLE + ",\"options\":{%s}";
    RawClient.Answer cut = chat("echo", "abcdef", options.formatted("\"num_predict\":3"));
    assertEquals("abc", cut.at("message.content"));
    assertEquals("length", cut.at("done_reason"));
    RawClient.Answer stopped = chat("echo", "abcdef", options.formatted("\"stop\":[\"de\"]"));
    assertEquals("abc", stopped.at("message.content"));
    assertEquals("stop", stopped.at("done_reason"));
    String all =
        "\"num_predict\":-1,\"temperature\":0.5,\"top_k\":1,\"top_p\":0.5,\"min_p\":0.1,"
            + "\"typical_p\":1,\"repeat_penalty\":1.1,\"repeat_last_n\":-1,\"presence_penalty\":1,"
            + "\"frequency_penalty\":1,\"seed\":42,\"num_ctx\":100,\"num_gpu\":99,\"num_thread\":8,"
            + "\"mirostat\":0,\"tfs_z\":1.0,\"num_keep\":4,\"penalize_newline\":true";
    assertEquals("a", chat("echo", "a", options.formatted(all)).at("message.content"));
    var params = server.model.lastRequest().sampling();
    assertEquals(0.5, params.temperature());
    assertEquals(1, params.topK());
    assertEquals(42, params.seed().getAsLong());
    assertEquals(1.1, params.repetitionPenalty());
    chat("echo", "a", WHOLE);
    params = server.model.lastRequest().sampling();
    assertEquals(0.8, params.temperature());
    assertEquals(40, params.topK());
    assertEquals(0.9, params.topP());
    assertEquals(1, params.repetitionPenalty());
  }

  @Test
  void aContextThatIsNotThereIsRefused() throws IOException {
    RawClient.Answer more = chat("echo", "a", ",\"options\":{\"num_ctx\":4096}");
    assertEquals(400, more.status());
    assertTrue(more.text().contains("--context 4096"), more::text);
    RawClient.Answer small = chat("echo", "a long text", ",\"options\":{\"num_ctx\":10}");
    assertEquals(400, small.status());
    assertEquals("context_length_exceeded", small.at("code"));
    RawClient.Answer full = chat("echo", "!forever", WHOLE + ",\"options\":{\"num_ctx\":20}");
    assertEquals("length", full.at("done_reason"));
    assertEquals(20L, (long) full.at("prompt_eval_count") + (long) full.at("eval_count"));
  }

  @Test
  void callsComeWhole() throws IOException {
    RawClient.Answer whole = chat("caller", "I look." + CALL, TOOLS + WHOLE);
    assertEquals("f", whole.at("message.tool_calls.0.function.name"), whole::text);
    assertEquals(Map.of("a", 1L), whole.at("message.tool_calls.0.function.arguments"));
    assertEquals("I look.", whole.at("message.content"));
    assertEquals("stop", whole.at("done_reason"));
    List<Map<String, Object>> calls =
        chat("caller", CALL + CALL, TOOLS).lines().stream()
            .filter(line -> ((Map<?, ?>) line.get("message")).containsKey("tool_calls"))
            .toList();
    assertEquals(2, calls.size());
    assertEquals(1L, RawClient.at(calls.getLast(), "message.tool_calls.0.function.index"));
    String broken = "<tool_call>{\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {]</tool_call>";
    RawClient.Answer text = chat("caller", broken, TOOLS);
    assertFalse(text.text().contains("tool_calls"), text::text);
    assertEquals(400, chat("echo", "x", TOOLS).status());
  }

  @Test
  void earlierCallsAreShownToTheModel() throws IOException {
    RawClient.Answer answer =
        server.post(
            "/api/chat",
            """
            {"model":"caller","stream":false,"messages":[
              {"role":"user","content":"Weather?"},
              {"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},
              {"role":"tool","tool_name":"f","content":"7 C"}]%s}\
            """
                .formatted(TOOLS));
    assertEquals("7 C", answer.at("message.content"), answer::text);
  }

  @Test
  void thinkingStandsApart() throws IOException {
    RawClient.Answer whole = chat("caller", "Hm</think>So.", WHOLE + ",\"think\":true");
    assertEquals("Hm", whole.at("message.thinking"), whole::text);
    assertEquals("So.", whole.at("message.content"));
    List<Map<String, Object>> lines = chat("caller", "Hm</think>So.", ",\"think\":\"low\"").lines();
    assertEquals("H", RawClient.at(lines.getFirst(), "message.thinking"));
    assertEquals("", RawClient.at(lines.getFirst(), "message.content"));
    assertEquals("So.", chat("caller", "So.", WHOLE + ",\"think\":false").at("message.content"));
    RawClient.Answer cannot = chat("echo", "a", ",\"think\":true");
    assertEquals(400, cannot.status());
    assertTrue(cannot.text().contains("does not support thinking"), cannot::text);
  }

  @Test
  void vectorsOfTexts() throws IOException {
    RawClient.Answer one = server.post("/api/embed", "{\"model\":\"vectors\",\"input\":\"abc\"}");
    assertEquals(1, ((List<?>) one.at("embeddings")).size(), one::text);
    assertEquals(4, ((List<?>) one.at("embeddings.0")).size());
    assertEquals(3L, one.at("prompt_eval_count"));
    RawClient.Answer two =
        server.post("/api/embed", "{\"model\":\"vectors\",\"input\":[\"abc\",\"d\"]}");
    assertEquals(one.at("embeddings.0"), two.at("embeddings.0"));
    assertEquals(2, ((List<?>) two.at("embeddings")).size());
    RawClient.Answer older =
        server.post("/api/embeddings", "{\"model\":\"vectors\",\"prompt\":\"abc\"}");
    assertEquals(4, ((List<?>) older.at("embedding")).size());
    String long_ = "x".repeat(3000);
    String body = "{\"model\":\"vectors\",\"input\":\"" + long_ + "\"%s}";
    assertEquals(400, server.post("/api/embed", body.formatted("")).status());
    RawClient.Answer cut = server.post("/api/embed", body.formatted(",\"truncate\":true"));
    assertEquals(1L, cut.at("truncated_inputs"));
    assertEquals((long) EchoModel.CONTEXT, cut.at("prompt_eval_count"));
    RawClient.Answer answers = server.post("/api/embed", "{\"model\":\"echo\",\"input\":\"abc\"}");
    assertEquals(400, answers.status());
  }

  @Test
  void modelsAreListedAndShown() throws IOException {
    RawClient.Answer tags = server.get("/api/tags");
    assertEquals("echo:latest", tags.at("models.0.name"));
    assertEquals("echo:latest", tags.at("models.0.model"));
    assertEquals("gguf", tags.at("models.0.details.format"));
    assertEquals("F32", tags.at("models.0.details.quantization_level"));
    assertEquals(64, ((String) tags.at("models.0.digest")).length());
    RawClient.Answer show = server.post("/api/show", "{\"model\":\"caller\"}");
    assertEquals(List.of("completion", "tools", "thinking"), show.at("capabilities"));
    assertEquals("echo", ((Map<?, ?>) show.at("model_info")).get("general.architecture"));
    assertTrue(((String) show.at("template")).contains("tool_call"));
    RawClient.Answer vectors = server.post("/api/show", "{\"name\":\"vectors\"}");
    assertEquals(List.of("embedding"), vectors.at("capabilities"));
    RawClient.Answer running = server.get("/api/ps");
    assertEquals("echo:latest", running.at("models.0.name"));
    assertEquals((long) EchoModel.CONTEXT, running.at("models.0.context_length"));
    Instant.parse((String) running.at("models.0.expires_at"));
    assertTrue(
        ((String) server.get("/api/version").at("version")).matches("[0-9]+\\.[0-9]+\\.[0-9]+"));
    try (RawClient client = server.client()) {
      client.request("HEAD", "/", new byte[0]);
      assertEquals(200, client.receiveHead().status());
    }
  }

  @Test
  void namesAreMadeAndForgotten() throws IOException {
    RawClient.Answer made =
        server.post(
            "/api/create",
            """
            {"model":"pirate","from":"echo","system":"Arr.","parameters":{"num_predict":2,"stop":["z"]}}\
            """);
    assertEquals(
        List.of("using existing layer", "writing manifest", "success"),
        made.lines().stream().map(line -> line.get("status")).toList());
    assertEquals("ab", chat("pirate", "abc", WHOLE).at("message.content"));
    assertEquals(21L, chat("pirate:latest", "abc", WHOLE).at("prompt_eval_count"));
    String own = WHOLE + ",\"options\":{\"num_predict\":3}";
    assertEquals("abc", chat("Pirate", "abc", own).at("message.content"));
    assertEquals("Arr.", server.post("/api/show", "{\"model\":\"pirate\"}").at("system"));
    assertTrue(server.get("/api/tags").text().contains("pirate:latest"));
    assertEquals(
        "abc",
        server
            .post("/v1/chat/completions", TestServer.chat("abc", "").replace("echo", "pirate"))
            .at("choices.0.message.content"));
    assertEquals(
        200,
        server
            .post("/api/copy", "{\"source\":\"pirate\",\"destination\":\"captain:latest\"}")
            .status());
    assertEquals("ab", chat("captain", "abc", WHOLE).at("message.content"));
    assertEquals(200, server.call("DELETE", "/api/delete", "{\"model\":\"pirate\"}").status());
    assertEquals(404, chat("pirate", "abc", WHOLE).status());
    assertEquals("ab", chat("captain", "abc", WHOLE).at("message.content"));
    assertEquals(404, server.call("DELETE", "/api/delete", "{\"name\":\"pirate\"}").status());
    assertEquals(400, server.call("DELETE", "/api/delete", "{\"name\":\"echo\"}").status());
    assertEquals(
        400,
        server.post("/api/copy", "{\"source\":\"echo\",\"destination\":\"Vectors\"}").status());
  }

  @Test
  void nothingIsFetched() throws IOException {
    assertEquals(
        "success",
        server.post("/api/pull", "{\"model\":\"echo\"}").lines().getLast().get("status"));
    assertEquals(
        "success", server.post("/api/pull", "{\"name\":\"echo\",\"stream\":false}").at("status"));
    RawClient.Answer other = server.post("/api/pull", "{\"model\":\"llama3\"}");
    assertEquals(404, other.status());
    assertTrue(((String) other.at("error")).contains("fetches none"), other::text);
    assertEquals(400, server.post("/api/push", "{\"model\":\"echo\"}").status());
    assertEquals(400, server.post("/api/blobs/sha256:00", "{}").status());
    assertEquals(400, server.get("/api/blobs/sha256:00").status());
    String blob = "/api/blobs/sha256:" + "0".repeat(64);
    assertEquals(404, server.get(blob).status());
    assertEquals(400, server.post(blob, "{}").status());
    assertEquals(404, server.get("/api/other").status());
    assertTrue(server.get("/api/other").json().get("error") instanceof String);
  }

  @Test
  void aStreamThatBreaksOffSaysWhy() throws IOException {
    Map<String, Object> last = chat("echo", "!fail", "").lines().getLast();
    assertEquals("The disk is gone. Find it.", last.get("error"));
    assertNull(last.get("done"));
  }

  @Test
  void aWaitingStreamHasEmptyPieces() throws IOException {
    HttpLimits.Times usual = HttpLimits.Times.defaults();
    HttpLimits.Times quick =
        new HttpLimits.Times(
            usual.idle(),
            usual.header(),
            usual.body(),
            usual.bodyGrace(),
            usual.flush(),
            Duration.ofMillis(100));
    try (TestServer slow =
        new TestServer(
            ServerConfig.defaults().withLimits(HttpLimits.defaults().withTimes(quick)))) {
      slow.model.pace(1500, 0);
      String body = "{\"model\":\"echo\",\"%s\":[{\"role\":\"user\",\"content\":\"abc\"}]%s}";
      List<Map<String, Object>> lines =
          slow.post("/api/chat", body.formatted("messages", "")).lines();
      assertEquals("", RawClient.at(lines.getFirst(), "message.content"));
      assertTrue(lines.size() > 5, lines::toString);
      List<RawClient.Named> events =
          slow.post("/v1/messages", body.formatted("messages", ",\"max_tokens\":9,\"stream\":true"))
              .namedEvents();
      assertEquals("ping", events.get(1).name());
      assertEquals("ping", events.get(2).name());
      assertEquals("message_stop", events.getLast().name());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/api/chat | {'model':'no','messages':[{'role':'user','content':'x'}]} | 404",
        "/api/chat | {'model':1} | 400",
        "/api/chat | {'model':'echo','messages':'x'} | 400",
        "/api/chat | {'model':'echo','messages':[{'role':'cat','content':'x'}]} | 400",
        "/api/chat | {'model':'echo','messages':[{'role':'user','content':['x']}]} | 400",
        "/api/chat | {'model':'echo','messages':[{'role':'user','content':'x','images':['aa']}]} |"
            + " 400",
        "/api/chat | {'model':'echo','messages':[{'role':'user','content':'x'}],'format':'xml'} |"
            + " 400",
        "/api/chat | {'model':'echo','messages':[{'role':'user','content':'x'}],'stream':'no'} |"
            + " 400",
        "/api/chat |"
            + " {'model':'echo','messages':[{'role':'user','content':'x'}],'keep_alive':'soon'} |"
            + " 400",
        "/api/chat | {'model':'echo','messages':[{'role':'user','content':'x'}],'think':1} | 400",
        "/api/chat | {'model':'caller','messages':[{'role':'user','content':'x'}],'think':'much'} |"
            + " 400",
        "/api/chat |"
            + " {'model':'echo','messages':[{'role':'user','content':'x'}],'options':{'mirostat':2}}"
            + " | 400",
        "/api/chat |"
            + " {'model':'echo','messages':[{'role':'user','content':'x'}],'options':{'temperature':'hot'}}"
            + " | 400",
        "/api/chat |"
            + " {'model':'echo','messages':[{'role':'user','content':'x'}],'options':{'temprature':1}}"
            + " | 400",
        "/api/chat | {'model':'echo','messages':[{'role':'user','content':'x'}],'options':[]} |"
            + " 400",
        "/api/chat |"
            + " {'model':'echo','messages':[{'role':'user','content':'x'}],'options':{'num_predict':0}}"
            + " | 400",
        "/api/chat | {'model':'echo','messages':[{'role':'user','content':'x'}],'tools':[{}]} |"
            + " 400",
        "/api/generate | {'model':'echo','prompt':'x','template':'{{ .Prompt }}'} | 400",
        "/api/generate | {'model':'echo','prompt':'x','context':[999]} | 400",
        "/api/generate | {'model':'echo','prompt':'x','images':['aa']} | 400",
        "/api/generate | {'model':'echo','prompt':'x','sufix':'y'} | 400",
        "/api/generate | {'model':'echo','prompt':7} | 400",
        "/api/embed | {'model':'vectors'} | 400",
        "/api/embed | {'model':'vectors','input':['']} | 400",
        "/api/embed | {'model':'vectors','input':[1]} | 400",
        "/api/embed | {'model':'vectors','input':'x','dimensions':2} | 400",
        "/api/embeddings | {'model':'vectors','prompt':['x','y']} | 400",
        "/api/show | {} | 400",
        "/api/show | {'model':'no'} | 404",
        "/api/create | {'model':'x'} | 400",
        "/api/create | {'model':'x','from':'no'} | 404",
        "/api/create | {'model':'echo','from':'caller'} | 400",
        "/api/create | {'model':'x','from':'echo','template':'y'} | 400",
        "/api/create | {'model':'x','from':'echo','parameters':{'temperature':'hot'}} | 400",
        "/api/create | {'model':'x','files':{'a':'b'}} | 400",
        "/api/copy | {'source':'echo'} | 400",
        "/api/copy | {'source':'no','destination':'x'} | 404",
      })
  void whatIsWrongIsRefused(String path, String body, int status) throws IOException {
    RawClient.Answer answer = server.post(path, body.replace('\'', '"'));
    assertEquals(status, answer.status(), answer::text);
    assertFalse(((String) answer.at("error")).isBlank());
  }
}
