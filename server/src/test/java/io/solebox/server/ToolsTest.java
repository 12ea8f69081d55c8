package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chats whose model calls tools. */
class ToolsTest {
  private static final String TOOLS =
      """
      ,"tools":[{"type":"function","function":{"name":"time","description":"tells it",
      "parameters":{"type":"object","properties":{"zone":{"type":"string"}}}}},
      {"type":"function","function":{"name":"date"}}]
      """;

  private final EchoModel model = EchoModel.calling();
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("caller", model);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer chat(String text, String more) throws IOException {
    String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return server.post(
        "/v1/chat/completions", TestServer.chat(quoted, more).replace("\"echo\"", "\"caller\""));
  }

  private static String call(String name, String arguments) {
    return "<tool_call>{\"name\": \"%s\", \"arguments\": %s}</tool_call>"
        .formatted(name, arguments);
  }

  private static String choice(String choice) {
    return TOOLS + ",\"tool_choice\":" + choice;
  }

  private static List<Map<?, ?>> deltas(RawClient.Answer answer) {
    List<Map<?, ?>> deltas = new ArrayList<>();
    for (Map<String, Object> chunk : Chunks.of(answer)) {
      deltas.add((Map<?, ?>) RawClient.at(chunk, "choices.0.delta"));
    }
    return deltas;
  }

  @Test
  void aCallIsPartOfTheMessage() throws IOException {
    RawClient.Answer answer = chat("I look. " + call("time", "{\"zone\": \"UTC\"}"), TOOLS);
    assertEquals(200, answer.status(), answer::text);
    assertEquals("tool_calls", answer.at("choices.0.finish_reason"));
    assertEquals("I look.", ((String) answer.at("choices.0.message.content")).strip());
    assertEquals("function", answer.at("choices.0.message.tool_calls.0.type"));
    assertEquals("time", answer.at("choices.0.message.tool_calls.0.function.name"));
    assertEquals(
        "{\"zone\": \"UTC\"}", answer.at("choices.0.message.tool_calls.0.function.arguments"));
    assertTrue(((String) answer.at("choices.0.message.tool_calls.0.id")).startsWith("call_"));
    RawClient.Answer alone = chat(call("date", "{}"), TOOLS);
    assertNull(alone.at("choices.0.message.content"));
    assertTrue(alone.text().contains("\"content\":null"), alone::text);
  }

  @Test
  void aStreamHasItsNameFirstAndItsArgumentsInPieces() throws IOException {
    List<Map<?, ?>> deltas =
        deltas(
            chat(
                call("time", "{\"zone\": \"UTC\"}") + call("date", "{}"),
                TOOLS + ",\"stream\":true"));
    assertEquals("assistant", deltas.getFirst().get("role"));
    List<Map<?, ?>> calls = new ArrayList<>();
    for (Map<?, ?> delta : deltas) {
      if (delta.get("tool_calls") instanceof List<?> list) {
        calls.add((Map<?, ?>) list.getFirst());
      }
    }
    Map<?, ?> first = calls.getFirst();
    assertEquals(0L, first.get("index"));
    assertTrue(((String) first.get("id")).startsWith("call_"));
    assertEquals(Map.of("name", "time", "arguments", ""), first.get("function"));
    StringBuilder arguments = new StringBuilder();
    for (Map<?, ?> call : calls.subList(1, calls.size())) {
      Map<?, ?> function = (Map<?, ?>) call.get("function");
      if (call.get("index").equals(0L)) {
        assertFalse(call.containsKey("id"));
        assertFalse(function.containsKey("name"));
        arguments.append(function.get("arguments"));
      }
    }
    assertEquals("{\"zone\": \"UTC\"}", arguments.toString());
    assertTrue(calls.stream().anyMatch(call -> call.get("index").equals(1L)));
    assertTrue(calls.size() > 4, "in pieces");
  }

  @Test
  void theModelIsShownTheTools() throws IOException {
    chat("hello", TOOLS);
    String prompt = server.model.tokenizer().decode(model.lastRequest().prompt(), true);
    assertTrue(prompt.contains("\"description\": \"tells it\""), prompt);
    // A function without parameters takes none.
    assertTrue(
        prompt.contains("\"name\": \"date\", \"parameters\": {\"type\": \"object\""), prompt);
    chat("hello", choice("\"none\""));
    prompt = server.model.tokenizer().decode(model.lastRequest().prompt(), true);
    assertFalse(prompt.contains("time"), prompt);
  }

  @Test
  void withoutToolsACallIsText() throws IOException {
    String text = call("time", "{}");
    assertEquals(text, chat(text, "").at("choices.0.message.content"));
    RawClient.Answer none = chat(text, choice("\"none\""));
    assertEquals(text, none.at("choices.0.message.content"));
    assertEquals("stop", none.at("choices.0.finish_reason"));
  }

  @Test
  void oneCallIsEnoughWhereCallsAreNotParallel() throws IOException {
    String two = call("time", "{}") + call("date", "{}");
    assertEquals(2, ((List<?>) chat(two, TOOLS).at("choices.0.message.tool_calls")).size());
    String single = TOOLS + ",\"parallel_tool_calls\":false";
    RawClient.Answer answer = chat(two, single);
    assertEquals(1, ((List<?>) answer.at("choices.0.message.tool_calls")).size());
    assertEquals("tool_calls", answer.at("choices.0.finish_reason"));
    RawClient.Answer stream = chat(two, single + ",\"stream\":true");
    assertTrue(stream.text().contains("time") && !stream.text().contains("date"), stream::text);
    assertTrue(stream.text().contains("\"finish_reason\":\"tool_calls\""), stream::text);
  }

  @Test
  void allowedToolsAreAllThatTheModelSeesAndMayCall() throws IOException {
    String allowed =
        choice(
            """
            {"type":"allowed_tools","allowed_tools":{"mode":"auto",
            "tools":[{"type":"function","function":{"name":"date"}}]}}
            """);
    RawClient.Answer answer = chat(call("date", "{}"), allowed);
    assertEquals("date", answer.at("choices.0.message.tool_calls.0.function.name"));
    String prompt = server.model.tokenizer().decode(model.lastRequest().prompt(), true);
    assertFalse(prompt.contains("tells it"), prompt);
    RawClient.Answer other = chat(call("time", "{}"), allowed);
    assertEquals(500, other.status());
    assertEquals("tool_call_invalid", other.at("error.code"), other::text);
    RawClient.Answer stream = chat(call("time", "{}"), allowed + ",\"stream\":true");
    assertTrue(stream.events().getLast().contains("tool_call_invalid"), stream::text);
    assertEquals("Hm.", chat("Hm.", allowed).at("choices.0.message.content"));
  }

  @Test
  void aMalformedCallIsTextAndInAStreamAnError() throws IOException {
    String broken = "<tool_call>{\"name\": \"time\", \"arguments\": {\"zone\": ]}</tool_call>";
    RawClient.Answer whole = chat(broken, TOOLS);
    assertEquals(broken, whole.at("choices.0.message.content"), whole::text);
    assertEquals("stop", whole.at("choices.0.finish_reason"));
    RawClient.Answer stream = chat(broken, TOOLS + ",\"stream\":true");
    assertTrue(stream.events().getLast().contains("tool_call_invalid"), stream::text);
    assertFalse(stream.text().contains("[DONE]"), stream::text);
  }

  @Test
  void functionsAreTheOlderNameOfTools() throws IOException {
    String functions = ",\"functions\":[{\"name\":\"time\"}]";
    RawClient.Answer answer = chat(call("time", "{\"a\": 1}"), functions);
    assertEquals("function_call", answer.at("choices.0.finish_reason"), answer::text);
    assertEquals(
        Map.of("name", "time", "arguments", "{\"a\": 1}"),
        answer.at("choices.0.message.function_call"));
    assertNull(((Map<?, ?>) answer.at("choices.0.message")).get("tool_calls"));
    List<Map<?, ?>> deltas =
        deltas(chat(call("time", "{\"a\": 1}"), functions + ",\"stream\":true"));
    StringBuilder arguments = new StringBuilder();
    for (Map<?, ?> delta : deltas) {
      if (delta.get("function_call") instanceof Map<?, ?> part) {
        arguments.append(part.get("arguments"));
      }
    }
    assertEquals("{\"a\": 1}", arguments.toString());
    assertEquals(400, chat("x", functions + TOOLS).status());
    RawClient.Answer none = chat("x", functions + ",\"function_call\":\"none\"");
    assertEquals("x", none.at("choices.0.message.content"));
  }

  @Test
  void resultsGoBack() throws IOException {
    String messages =
        """
        {"model":"caller","messages":[{"role":"user","content":"when?"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",
        "function":{"name":"time","arguments":"{\\"zone\\":\\"UTC\\"}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"12:00"}]%s}
        """;
    RawClient.Answer answer = server.post("/v1/chat/completions", messages.formatted(TOOLS));
    assertEquals("12:00", answer.at("choices.0.message.content"), answer::text);
    String prompt = server.model.tokenizer().decode(model.lastRequest().prompt(), true);
    assertTrue(prompt.contains(call("time", "{\"zone\": \"UTC\"}")), prompt);
  }

  @Test
  void aTemplateThatShowsNoToolsIsNamed() throws IOException {
    RawClient.Answer answer = server.postChat("hello", TOOLS);
    assertEquals(400, answer.status());
    assertEquals("tools", answer.at("error.param"));
    assertEquals("unsupported_parameter", answer.at("error.code"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | missing_required_parameter | tools[0].type",
        "5 | invalid_type | tools[0]",
        "{\"type\":\"web_search\"} | unsupported_parameter | tools[0].type",
        "{\"type\":\"function\",\"function\":{}} | missing_required_parameter |"
            + " tools[0].function.name",
        "{\"type\":\"function\",\"function\":{\"name\":\"\"}} | invalid_value |"
            + " tools[0].function.name",
        "{\"type\":\"function\",\"function\":{\"name\":\"a b\"}} | invalid_value |"
            + " tools[0].function.name",
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}"
            + " | invalid_type | tools[0].function.parameters",
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":5}}"
            + " | invalid_type | tools[0].function.description",
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":3}}"
            + " | invalid_type | tools[0].function.strict"
      })
  void badTools(String tool, String code, String param) throws IOException {
    RawClient.Answer answer = chat("hello", ",\"tools\":[" + tool + "]");
    assertEquals(400, answer.status(), answer::text);
    assertEquals(code, answer.at("error.code"), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"custom\"}",
        "{\"type\":\"function\",\"function\":{}}",
        "{\"type\":\"function\",\"function\":{\"name\":\"nobody\"}}",
        "{\"type\":\"allowed_tools\"}",
        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"tools\":[{}]}}",
        "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"some\",\"tools\":[]}}"
      })
  void badChoices(String choice) throws IOException {
    RawClient.Answer answer = chat("hello", choice(choice));
    assertEquals(400, answer.status(), answer::text);
    assertTrue(((String) answer.at("error.param")).startsWith("tool_choice"), answer::text);
  }

  @Test
  void twoToolsOfOneNameAreAMistake() throws IOException {
    String tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";
    RawClient.Answer answer = chat("hello", ",\"tools\":[" + tool + "," + tool + "]");
    assertEquals("tools[1].function.name", answer.at("error.param"), answer::text);
  }
}
