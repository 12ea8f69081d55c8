package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.RawClient.Named;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The routes that speak as Anthropic's API does. */
class AnthropicApiTest {
  private static final String TOOLS =
      """
      ,"tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}]\
      """;

  private static final String CALL =
      "<tool_call>{\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {\\\"a\\\": 1}}</tool_call>";

  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("caller", EchoModel.calling());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer post(String model, String text, String more) throws IOException {
    return server.post(
        "/v1/messages",
        """
        {"model":"%s","max_tokens":500,"messages":[{"role":"user","content":"%s"}]%s}\
        """
            .formatted(model, text, more));
  }

  @Test
  void aWholeMessage() throws IOException {
    RawClient.Answer answer = post("echo", "Grüße", "");
    assertEquals(200, answer.status(), answer::text);
    assertEquals("message", answer.at("type"));
    assertEquals("assistant", answer.at("role"));
    assertEquals("echo", answer.at("model"));
    assertTrue(((String) answer.at("id")).startsWith("msg_"));
    assertEquals(List.of(Map.of("type", "text", "text", "Grüße")), answer.at("content"));
    assertEquals("end_turn", answer.at("stop_reason"));
    assertNull(answer.at("stop_sequence"));
    assertEquals(7L, answer.at("usage.output_tokens"));
    long prompt = "user\nGrüße\n".getBytes(StandardCharsets.UTF_8).length;
    assertEquals(4L, answer.at("usage.cache_read_input_tokens"));
    assertEquals(prompt - 4, answer.at("usage.input_tokens"));
    assertEquals(answer.header("request-id"), answer.header("x-request-id"));
    assertTrue(answer.header("request-id").startsWith("req_"));
  }

  @Test
  void whyItEnds() throws IOException {
    RawClient.Answer stopped = post("echo", "one two", ",\"stop_sequences\":[\"x\",\"e t\"]");
    assertEquals("on", stopped.at("content.0.text"));
    assertEquals("stop_sequence", stopped.at("stop_reason"));
    assertEquals("e t", stopped.at("stop_sequence"));
    RawClient.Answer cut =
        server.post(
            "/v1/messages",
            "{\"model\":\"echo\",\"max_tokens\":3,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"abcdef\"}]}");
    assertEquals("abc", cut.at("content.0.text"));
    assertEquals("max_tokens", cut.at("stop_reason"));
    RawClient.Answer full =
        server.post(
            "/v1/messages",
            "{\"model\":\"echo\",\"max_tokens\":100000,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"!forever\"}]}");
    assertEquals("model_context_window_exceeded", full.at("stop_reason"));
  }

  @Test
  void theEventsOfAStream() throws IOException {
    RawClient.Answer answer = post("echo", "añ", ",\"stream\":true");
    assertEquals("text/event-stream; charset=utf-8", answer.header("content-type"));
    List<Named> events = answer.namedEvents();
    events.forEach(event -> assertEquals(event.name(), event.at("type")));
    assertEquals(
        List.of(
            "message_start",
            "ping",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"),
        events.stream().map(Named::name).toList());
    assertEquals(List.of(), events.getFirst().at("message.content"));
    assertNull(events.getFirst().at("message.stop_reason"));
    assertEquals(9L, events.getFirst().at("message.usage.input_tokens"));
    assertEquals(Map.of("type", "text", "text", ""), events.get(2).at("content_block"));
    assertEquals(Map.of("type", "text_delta", "text", "ñ"), events.get(4).at("delta"));
    assertEquals(0L, events.get(5).at("index"));
    Named delta = events.get(6);
    assertEquals("end_turn", delta.at("delta.stop_reason"));
    assertEquals(3L, delta.at("usage.output_tokens"));
    assertEquals(5L, delta.at("usage.input_tokens"));
  }

  @Test
  void callsOfTools() throws IOException {
    RawClient.Answer whole = post("caller", CALL, TOOLS);
    assertEquals("tool_use", whole.at("stop_reason"), whole::text);
    assertEquals("tool_use", whole.at("content.0.type"));
    assertEquals("f", whole.at("content.0.name"));
    assertEquals(Map.of("a", 1L), whole.at("content.0.input"));
    assertTrue(((String) whole.at("content.0.id")).startsWith("toolu_"));
    List<Named> events = post("caller", "I look." + CALL, TOOLS + ",\"stream\":true").namedEvents();
    StringBuilder input = new StringBuilder();
    for (Named event : events) {
      if (event.name().equals("content_block_delta")
          && event.at("delta.type").equals("input_json_delta")) {
        assertEquals(1L, event.at("index"));
        input.append(event.at("delta.partial_json"));
      }
    }
    assertEquals("{\"a\": 1}", input.toString());
    Named start =
        events.stream()
            .filter(event -> event.name().equals("content_block_start"))
            .toList()
            .getLast();
    assertEquals("tool_use", start.at("content_block.type"));
    assertEquals(Map.of(), start.at("content_block.input"));
    assertEquals("tool_use", events.get(events.size() - 2).at("delta.stop_reason"));
  }

  @Test
  void callsAreTextWhereNoneMayBeMade() throws IOException {
    String text = CALL.replace("\\", "");
    assertEquals(text, post("caller", CALL, "").at("content.0.text"));
    String none = TOOLS + ",\"tool_choice\":{\"type\":\"none\"}";
    RawClient.Answer answer = post("caller", CALL, none);
    assertEquals(text, answer.at("content.0.text"));
    assertEquals("end_turn", answer.at("stop_reason"));
  }

  @Test
  void callsCanBeAskedFor() throws IOException {
    String choice = TOOLS + ",\"tool_choice\":{\"type\":%s}";
    // What the model says is only what follows the beginning that is said for it.
    String rest = " {\\\"a\\\": 1}}</tool_call>";
    RawClient.Answer any = post("caller", rest, choice.formatted("\"any\""));
    assertEquals("f", any.at("content.0.name"), any::text);
    assertEquals(Map.of("a", 1L), any.at("content.0.input"));
    assertEquals("tool_use", any.at("stop_reason"));
    String named = choice.formatted("\"tool\",\"name\":\"%s\"");
    assertEquals("f", post("caller", rest, named.formatted("f")).at("content.0.name"));
    assertEquals(
        "tool_choice.name", post("caller", rest, named.formatted("g")).at("error.details.param"));
    RawClient.Answer broken = post("caller", " ]}</tool_call>", named.formatted("f"));
    assertEquals(500, broken.status());
    assertEquals("tool_call_invalid", broken.at("error.details.error_code"));
    String single = choice.formatted("\"auto\",\"disable_parallel_tool_use\":true");
    RawClient.Answer one = post("caller", CALL + CALL, single);
    assertEquals(1, ((List<?>) one.at("content")).size());
    assertEquals("tool_use", one.at("stop_reason"));
    assertEquals(2, ((List<?>) post("caller", CALL + CALL, TOOLS).at("content")).size());
  }

  @Test
  void aMalformedCallIsTextAndInAStreamAnError() throws IOException {
    String broken = "<tool_call>{\\\"name\\\": \\\"f\\\", \\\"arguments\\\": {]</tool_call>";
    RawClient.Answer whole = post("caller", broken, TOOLS);
    assertEquals(broken.replace("\\", ""), whole.at("content.0.text"), whole::text);
    assertEquals("end_turn", whole.at("stop_reason"));
    Named last = post("caller", broken, TOOLS + ",\"stream\":true").namedEvents().getLast();
    assertEquals("error", last.name());
    assertEquals("tool_call_invalid", last.at("error.details.error_code"));
  }

  @Test
  void thoughtsHaveABudget() throws IOException {
    String budget = ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}";
    String body =
        """
        {"model":"caller","max_tokens":1500,"messages":[{"role":"user","content":"!forever"}]%s}\
        """;
    RawClient.Answer answer = server.post("/v1/messages", body.formatted(budget));
    long thought = (long) answer.at("usage.output_tokens_details.thinking_tokens");
    assertTrue(thought >= 1024 && thought < 1040, "" + thought);
    assertEquals("text", answer.at("content.1.type"), answer::text);
    assertEquals("max_tokens", answer.at("stop_reason"));
  }

  @Test
  void aCallThatIsCutOffIsNone() throws IOException {
    RawClient.Answer answer =
        server.post(
            "/v1/messages",
            """
            {"model":"caller","max_tokens":40,"messages":[{"role":"user","content":"%s"}]%s}\
            """
                .formatted(CALL, TOOLS));
    assertEquals(List.of(), answer.at("content"));
    assertEquals("max_tokens", answer.at("stop_reason"));
  }

  @Test
  void thinkingIsABlockOfItsOwn() throws IOException {
    String thinks = ",\"thinking\":{\"type\":\"adaptive\"}";
    RawClient.Answer answer = post("caller", "Hm</think> So.", thinks);
    assertEquals("thinking", answer.at("content.0.type"), answer::text);
    assertEquals("Hm", answer.at("content.0.thinking"));
    assertFalse(((String) answer.at("content.0.signature")).isEmpty());
    assertEquals("So.", answer.at("content.1.text"));
    assertTrue((long) answer.at("usage.output_tokens_details.thinking_tokens") > 1);
    List<Named> events =
        post("caller", "Hm</think> So.", thinks + ",\"stream\":true").namedEvents();
    assertEquals("thinking", events.get(2).at("content_block.type"));
    assertEquals(Map.of("type", "thinking_delta", "thinking", "H"), events.get(3).at("delta"));
    Named signature = events.get(5);
    assertEquals("signature_delta", signature.at("delta.type"));
    assertEquals(answer.at("content.0.signature"), signature.at("delta.signature"));
    assertEquals("content_block_stop", events.get(6).name());
    assertEquals("text", events.get(7).at("content_block.type"));
    String hidden = ",\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}";
    assertEquals("", post("caller", "Hm</think> So.", hidden).at("content.0.thinking"));
    assertFalse(post("caller", "Hm</think>So.", hidden + ",\"stream\":true").text().contains("Hm"));
  }

  @Test
  void thinkingIsOffWhereNobodyAsksForIt() throws IOException {
    assertEquals("a</think>b", post("echo", "a</think>b", "").at("content.0.text"));
    String budget = ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":%d}";
    assertEquals(400, post("caller", "a", budget.formatted(100)).status());
    assertEquals(400, post("caller", "a", budget.formatted(2000)).status());
    String off = ",\"thinking\":{\"type\":\"disabled\"},\"output_config\":{\"effort\":\"low\"}";
    assertEquals("b", post("caller", "b", off).at("content.0.text"));
  }

  @Test
  void theAnswerGoesOnWithAMessageOfTheAssistant() throws IOException {
    RawClient.Answer answer =
        server.post(
            "/v1/messages",
            """
            {"model":"echo","max_tokens":9,"messages":[
              {"role":"user","content":"a"},{"role":"assistant","content":"The"}]}\
            """);
    assertEquals("The", answer.at("content.0.text"), answer::text); // its last line is the prefill
  }

  @Test
  void tokensAreCountedBefore() throws IOException {
    String body =
        """
        {"model":"echo","system":"s","messages":[{"role":"user","content":"abc"}]}\
        """;
    RawClient.Answer answer = server.post("/v1/messages/count_tokens", body);
    assertEquals(Map.of("input_tokens", 9L + 9L), answer.json());
  }

  @Test
  void modelsAreListedForItsClients() throws IOException {
    String version = "anthropic-version: 2023-06-01";
    RawClient.Answer list = server.get("/v1/models", version);
    assertEquals("model", list.at("data.0.type"));
    assertEquals("echo", list.at("data.0.id"));
    assertEquals("echo", list.at("first_id"));
    assertEquals("caller", list.at("last_id"));
    assertEquals(false, list.at("has_more"));
    assertEquals((long) EchoModel.CONTEXT, list.at("data.0.max_input_tokens"));
    assertTrue(((String) list.at("data.0.created_at")).endsWith("Z"));
    assertEquals("echo", server.get("/v1/models/echo", version).at("id"));
    RawClient.Answer unknown = server.get("/v1/models/no", version);
    assertEquals(404, unknown.status());
    assertEquals("not_found_error", unknown.at("error.type"));
    assertEquals("list", server.get("/v1/models").at("object"));
  }

  @Test
  void keysAreTakenFromItsHeaderToo() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "0123456789abcdef-key\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (TestServer closed = new TestServer(ServerConfig.defaults().withApiKeyFile(keys))) {
      String body = "{\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      RawClient.Answer none = closed.post("/v1/messages", body);
      assertEquals(401, none.status());
      assertEquals("authentication_error", none.at("error.type"));
      assertEquals(401, closed.post("/v1/messages", body, "x-api-key: wrong").status());
      assertEquals(
          200, closed.post("/v1/messages", body, "x-api-key: 0123456789abcdef-key").status());
      String bearer = "Authorization: Bearer 0123456789abcdef-key";
      assertEquals(200, closed.post("/v1/messages", body, bearer).status());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'messages':[{'role':'user','content':'x'}] | missing_required_parameter | max_tokens",
        "'max_tokens':0,'messages':[{'role':'user','content':'x'}] | invalid_value | max_tokens",
        "'max_tokens':1.5,'messages':[{'role':'user','content':'x'}] | invalid_type | max_tokens",
        "'max_tokens':9 | missing_required_parameter | messages",
        "~,'temperature':'hot' | invalid_type | temperature",
        "~,'temperature':-1 | invalid_value | temperature",
        "~,'top_p':2 | invalid_value | top_p",
        "~,'top_k':-1 | invalid_value | top_k",
        "~,'stop_sequences':['x',' '] | invalid_value | stop_sequences[1]",
        "~,'stop_sequences':[1] | invalid_type | stop_sequences[0]",
        "~,'stream':1 | invalid_type | stream",
        "~,'max_token':1 | unknown_parameter | max_token",
        "~,'metadata':{'user_id':1} | invalid_type | metadata.user_id",
        "~,'thinking':{'type':'much'} | invalid_value | thinking.type",
        "~,'thinking':{'type':'enabled'} | missing_required_parameter | thinking.budget_tokens",
        "~,'output_config':{'effort':'huge'} | invalid_value | output_config.effort",
        "~,'output_config':{'format':{'type':'json_schema'}} | missing_required_parameter |"
            + " output_config.format.schema",
        "~,'mcp_servers':[{'url':'x'}] | unsupported_parameter | mcp_servers",
        "~,'tools':[{}] | missing_required_parameter | tools[0].name",
        "~,'tools':[{'name':'f'}] | missing_required_parameter | tools[0].input_schema",
        "~,'tools':[{'name':'web_search','type':'web_search_20250305'}] | unsupported_parameter |"
            + " tools[0].type",
        "~,'tools':[{'name':'f','input_schema':{},'strict':3}] | invalid_type | tools[0].strict",
        "~,'tools':[{'name':'f','input_schema':{}},{'name':'f','input_schema':{}}] | invalid_value"
            + " | tools[1].name",
        "~,'tool_choice':{'type':'auto'} | invalid_value | tool_choice",
      })
  void whatIsWrongIsNamed(String members, String code, String param) throws IOException {
    String least = "'max_tokens':9,'messages':[{'role':'user','content':'x'}]";
    String body = "{'model':'caller',%s}".formatted(members.replace("~", least));
    RawClient.Answer answer = server.post("/v1/messages", body.replace('\'', '"'));
    assertEquals(400, answer.status(), answer::text);
    assertEquals("error", answer.at("type"));
    assertEquals("invalid_request_error", answer.at("error.type"));
    assertEquals(code, answer.at("error.details.error_code"));
    assertEquals(param, answer.at("error.details.param"));
    assertFalse(((String) answer.at("error.message")).isBlank());
    assertEquals(answer.header("request-id"), answer.at("request_id"));
  }

  @Test
  void errorsOfOtherKinds() throws IOException {
    RawClient.Answer unknown = post("other", "x", "");
    assertEquals(404, unknown.status());
    assertEquals("not_found_error", unknown.at("error.type"));
    RawClient.Answer long_ = post("echo", "x".repeat(3000), "");
    assertEquals("context_length_exceeded", long_.at("error.details.error_code"));
    assertEquals(405, server.get("/v1/messages").status());
    RawClient.Answer batches = server.post("/v1/messages/batches", "{}");
    assertEquals("not_found_error", batches.at("error.type"), batches::text);
    assertEquals("api_error", post("echo", "!bug", "").at("error.type"));
    RawClient.Answer noTools = post("echo", "x", TOOLS);
    assertEquals("tools", noTools.at("error.details.param"));
  }

  @Test
  void aStreamThatBreaksOffSaysWhy() throws IOException {
    List<Named> events = post("echo", "!fail", ",\"stream\":true").namedEvents();
    assertEquals("error", events.getLast().name());
    assertEquals("api_error", events.getLast().at("error.type"));
    assertTrue(((String) events.getLast().at("request_id")).startsWith("req_"));
  }
}
