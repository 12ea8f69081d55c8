package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls whose arguments are held to the schemas of their tools. */
class StrictToolsTest {
  private static final String SCHEMA =
      """
      {"type":"object","properties":{"zone":{"type":"integer"}},"required":["zone"],\
      "additionalProperties":false}\
      """;

  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"time\",\"parameters\":"
          + SCHEMA
          + ",\"strict\":true}}]";

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("caller", EchoModel.calling());
    server.ready("other", EchoModel.callingOtherwise());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer post(String path, String model, String text, String more)
      throws IOException {
    return server.post(path, TestServer.chat(text, more).replace("\"echo\"", "\"" + model + "\""));
  }

  private RawClient.Answer chat(String text, String more) throws IOException {
    return post("/v1/chat/completions", "caller", text, more);
  }

  @Test
  void aCallThatMustBeHoldsItsSchema() throws IOException {
    RawClient.Answer answer = chat("x", TOOLS + ",\"tool_choice\":\"required\"");
    assertEquals("time", answer.at("choices.0.message.tool_calls.0.function.name"), answer::text);
    assertEquals("{\"zone\":9}", answer.at("choices.0.message.tool_calls.0.function.arguments"));
    assertEquals("tool_calls", answer.at("choices.0.finish_reason"));
    assertNull(answer.at("choices.0.message.content"));
  }

  @Test
  void aCallThatMayBeHoldsItsSchemaToo() throws IOException {
    RawClient.Answer text = chat("I do not call <anybody>.", TOOLS);
    assertEquals("I do not call <anybody>.", text.at("choices.0.message.content"), text::text);
    assertEquals("stop", text.at("choices.0.finish_reason"));
    // What can only be said in one way is said without the model.
    RawClient.Answer call = chat("Hi <tool_call>{\\\"n", TOOLS);
    assertEquals("Hi", call.at("choices.0.message.content"), call::text);
    assertEquals("{\"zone\":9}", call.at("choices.0.message.tool_calls.0.function.arguments"));
  }

  @Test
  void thoughtsStayFree() throws IOException {
    RawClient.Answer answer =
        chat(
            "<tool_call> Hm</think>x",
            TOOLS + ",\"tool_choice\":\"required\",\"enable_thinking\":true");
    assertEquals("<tool_call> Hm", answer.at("choices.0.message.reasoning_content"), answer::text);
    assertEquals("{\"zone\":9}", answer.at("choices.0.message.tool_calls.0.function.arguments"));
  }

  @Test
  void responsesAndMessagesHaveStrictToolsToo() throws IOException {
    RawClient.Answer response =
        server.post(
            "/v1/responses",
            """
            {"model":"caller","input":"x","tool_choice":"required","tools":[\
            {"type":"function","name":"time","strict":true,"parameters":%s}]}\
            """
                .formatted(SCHEMA));
    assertEquals("{\"zone\":9}", response.at("output.0.arguments"), response::text);
    RawClient.Answer message =
        post(
            "/v1/messages",
            "caller",
            "x",
            """
            ,"max_tokens":200,"tool_choice":{"type":"any"},"tools":[\
            {"name":"time","strict":true,"input_schema":%s}]\
            """
                .formatted(SCHEMA));
    assertEquals("tool_use", message.at("content.0.type"), message::text);
    assertEquals(9L, message.at("content.0.input.zone"), message::text);
  }

  private static String format(String said) {
    return """
    ,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":\
    {"type":"object","properties":{"said":{"const":"%s"}},\
    "required":["said"],"additionalProperties":false}}}\
    """
        .formatted(said);
  }

  @Test
  void whatIsNoCallHasTheFormatThatIsAskedFor() throws IOException {
    String[] offers = {TOOLS, TOOLS.replace(",\"strict\":true", "")};
    for (String tools : offers) {
      RawClient.Answer said = chat("{\\\"sa", tools + format("hi"));
      assertEquals("{\"said\":\"hi\"}", said.at("choices.0.message.content"), said::text);
      assertNull(said.at("choices.0.message.tool_calls"), said::text);
      RawClient.Answer call = chat("<tool_call>{\\\"n", tools + format("hi"));
      assertEquals("time", call.at("choices.0.message.tool_calls.0.function.name"), call::text);
      assertNull(call.at("choices.0.message.content"), call::text);
      RawClient.Answer thoughts =
          chat("Hm</think>{\\\"sa", tools + format("hi") + ",\"enable_thinking\":true");
      assertEquals("Hm", thoughts.at("choices.0.message.reasoning_content"), thoughts::text);
      assertEquals("{\"said\":\"hi\"}", thoughts.at("choices.0.message.content"));
    }
    String must = TOOLS + ",\"tool_choice\":\"required\"" + format("hi");
    assertEquals("tool_calls", chat("x", must).at("choices.0.finish_reason"));
  }

  @Test
  void aFormatThatReadsAsACallEndsAsAnError() throws IOException {
    RawClient.Answer answer = chat("{\\\"sa", TOOLS + format("<tool_call>"));
    assertEquals("nothing_allowed", answer.at("error.code"), answer::text);
  }

  private static String custom(String syntax, String definition) {
    return """
    {"model":"caller","input":"x","tool_choice":"required","tools":[\
    {"type":"custom","name":"patch","format":{"type":"grammar","syntax":"%s","definition":%s}}]}\
    """
        .formatted(syntax, new JsonWriter().text(definition));
  }

  @Test
  void inputsOfCustomToolsFollowTheirGrammar() throws IOException {
    RawClient.Answer patch =
        server.post("/v1/responses", custom("lark", "start: line line\nline: \"+ \\\"x\\\"\\n\""));
    assertEquals("custom_tool_call", patch.at("output.0.type"), patch::text);
    assertEquals("+ \"x\"\n+ \"x\"\n", patch.at("output.0.input"), patch::text);
    RawClient.Answer match = server.post("/v1/responses", custom("regex", "a\\tb"));
    assertEquals("a\tb", match.at("output.0.input"), match::text);
    RawClient.Answer bad = server.post("/v1/responses", custom("lark", "start: nobody"));
    assertEquals(400, bad.status(), bad::text);
    assertEquals("tools[0].format.definition", bad.at("error.param"), bad::text);
    RawClient.Answer other =
        server.post("/v1/responses", custom("regex", "a").replace("\"caller\"", "\"other\""));
    assertEquals("tools[0].format", other.at("error.param"), other::text);
  }

  @Test
  void whatCannotBeHeldIsRefused() throws IOException {
    RawClient.Answer other = post("/v1/chat/completions", "other", "x", TOOLS);
    assertEquals(400, other.status(), other::text);
    assertEquals("tools[0].function.strict", other.at("error.param"), other::text);
    RawClient.Answer schema = chat("x", TOOLS.replace("\"integer\"", "\"thing\""));
    assertEquals(400, schema.status(), schema::text);
    assertEquals("tools[0].function.parameters", schema.at("error.param"), schema::text);
    assertTrue(((String) schema.at("error.message")).contains("/properties/zone"), schema::text);
  }
}
