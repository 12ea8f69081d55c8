package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that must be calls, and thoughts that have a budget. */
class ForcedCallsTest {
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"time\"}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"date\"}}]";
  private static final String TIME = "{\"type\":\"function\",\"function\":{\"name\":\"time\"}}";

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
    return server.post(
        "/v1/chat/completions", TestServer.chat(text, more).replace("\"echo\"", "\"caller\""));
  }

  private static String choice(String choice) {
    return TOOLS + ",\"tool_choice\":" + choice;
  }

  @Test
  void aNamedFunctionIsCalled() throws IOException {
    // What the model says is only what follows the forced beginning.
    RawClient.Answer answer = chat(" {\\\"a\\\": 1}}</tool_call>", choice(TIME));
    assertEquals("time", answer.at("choices.0.message.tool_calls.0.function.name"), answer::text);
    assertEquals("{\"a\": 1}", answer.at("choices.0.message.tool_calls.0.function.arguments"));
    assertNull(answer.at("choices.0.message.content"));
    assertEquals("tool_calls", answer.at("choices.0.finish_reason"));
    RawClient.Answer legacy =
        chat(
            " {}}</tool_call>",
            ",\"functions\":[{\"name\":\"time\"}],\"function_call\":{\"name\":\"time\"}");
    assertEquals("time", legacy.at("choices.0.message.function_call.name"), legacy::text);
  }

  @Test
  void oneOfThemIsCalledWhereOneMustBe() throws IOException {
    RawClient.Answer answer = chat("t {}}</tool_call>", choice("\"required\""));
    assertEquals("time", answer.at("choices.0.message.tool_calls.0.function.name"), answer::text);
    RawClient.Answer stream =
        chat("t {}}</tool_call>", choice("\"required\"") + ",\"stream\":true");
    assertTrue(stream.text().contains("\"name\":\"time\""), stream::text);
    assertTrue(stream.text().contains("\"finish_reason\":\"tool_calls\""), stream::text);
    RawClient.Answer allowed =
        chat(
            " {}}</tool_call>",
            choice(
                "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":["
                    + TIME
                    + "]}}"));
    assertEquals("time", allowed.at("choices.0.message.tool_calls.0.function.name"));
  }

  @Test
  void thoughtsMayComeBefore() throws IOException {
    // An h in place of the o of <tool_call> begins them.
    RawClient.Answer answer = chat("hHm</think> {}}</tool_call>", choice(TIME));
    assertEquals("Hm", answer.at("choices.0.message.reasoning_content"), answer::text);
    assertEquals("time", answer.at("choices.0.message.tool_calls.0.function.name"));
  }

  @Test
  void whatIsNoCallIsAnError() throws IOException {
    RawClient.Answer answer = chat(" ]}</tool_call>", choice(TIME));
    assertEquals(500, answer.status(), answer::text);
    assertEquals("tool_call_invalid", answer.at("error.code"));
    assertTrue(((String) answer.at("error.message")).contains("<tool_call>"), answer::text);
    RawClient.Answer stream = chat(" ]}</tool_call>", choice(TIME) + ",\"stream\":true");
    assertTrue(stream.events().getLast().contains("tool_call_invalid"), stream::text);
    RawClient.Answer cut = chat(" {}}</tool_call>", choice(TIME) + ",\"max_tokens\":5");
    assertEquals("length", cut.at("choices.0.finish_reason"), cut::text);
  }

  @Test
  void whereNobodyKnowsHowCallsBeginItIsSaid() throws IOException {
    EchoModel other = EchoModel.callingOtherwise();
    server.ready("other", other);
    RawClient.Answer answer =
        server.post(
            "/v1/chat/completions",
            TestServer.chat("x", choice("\"required\"")).replace("\"echo\"", "\"other\""));
    assertEquals(400, answer.status(), answer::text);
    assertEquals("tool_choice", answer.at("error.param"));
    RawClient.Answer auto =
        server.post(
            "/v1/chat/completions", TestServer.chat("x", TOOLS).replace("\"echo\"", "\"other\""));
    assertEquals("x", auto.at("choices.0.message.content"), auto::text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"thinking_budget\":3",
        "\"reasoning_budget\":3",
        "\"reasoning\":{\"max_tokens\":3}",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":3}"
      })
  void thoughtsEndWithTheirBudget(String member) throws IOException {
    RawClient.Answer answer = chat("<think>HmmSo.", "," + member + ",\"enable_thinking\":false");
    assertEquals("Hmm", answer.at("choices.0.message.reasoning_content"), answer::text);
    assertEquals("So.", answer.at("choices.0.message.content"));
    RawClient.Answer begun = chat("HmmSo.", "," + member + ",\"enable_thinking\":true");
    assertEquals("Hmm", begun.at("choices.0.message.reasoning_content"), begun::text);
    assertEquals("So.", begun.at("choices.0.message.content"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"reasoning_effort\":\"none\" | false",
        "\"reasoning_effort\":\"minimal\" | false",
        "\"reasoning_effort\":\"low\" | true",
        "\"reasoning_effort\":\"xhigh\" | true",
        "\"reasoning\":{\"effort\":\"high\"} | true",
        "\"reasoning\":{\"enabled\":true} | true",
        "\"thinking\":{\"type\":\"enabled\"} | true",
        "\"thinking\":{\"type\":\"disabled\"} | false",
        "\"thinking\":true | true",
        "\"thinking_budget\":0 | false",
        "\"enable_thinking\":false,\"reasoning_effort\":\"high\" | false",
        "\"reasoning_effort\":\"none\",\"chat_template_kwargs\":{\"enable_thinking\":true} | true"
      })
  void effortsAreWhatTheTemplateKnows(String member, boolean thinks) throws IOException {
    RawClient.Answer answer =
        server.post(
            "/apply-template",
            TestServer.chat("x", "," + member).replace("\"echo\"", "\"caller\""));
    assertEquals(thinks, ((String) answer.at("prompt")).endsWith("<think>\n"), answer::text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"reasoning_effort\":\"much\" | reasoning_effort",
        "\"reasoning_effort\":5 | reasoning_effort",
        "\"thinking\":{\"type\":\"x\"} | thinking.type",
        "\"thinking\":5 | thinking",
        "\"reasoning\":{\"max_tokens\":\"x\"} | reasoning.max_tokens",
        "\"reasoning\":{\"exclude\":true} | reasoning.exclude",
        "\"reasoning\":{\"x\":1} | reasoning.x",
        "\"thinking_budget\":1.5 | thinking_budget"
      })
  void badThinking(String member, String param) throws IOException {
    RawClient.Answer answer = chat("x", "," + member);
    assertEquals(400, answer.status(), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
  }

  @Test
  void severalChoicesAreAllHeldToIt() throws IOException {
    RawClient.Answer answer = chat(" {}}</tool_call>", choice(TIME) + ",\"n\":2");
    assertEquals(2, ((List<?>) answer.at("choices")).size(), answer::text);
    assertEquals("time", answer.at("choices.1.message.tool_calls.0.function.name"));
  }
}
