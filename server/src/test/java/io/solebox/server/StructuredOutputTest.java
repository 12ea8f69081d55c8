package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are held to a structure: the model wants to say something else. */
class StructuredOutputTest {
  private static final String SCHEMA =
      """
      {"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],\
      "additionalProperties":false}\
      """;

  /** What the model says that takes the last of the bytes it may say. */
  private static final String BENT = "{\"a\":9}";

  private static final String FORMAT =
      ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":%s}}";

  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("thinker", EchoModel.thinking());
    server.ready("caller", EchoModel.calling());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String format(String schema) {
    return FORMAT.formatted(schema);
  }

  @Test
  void aChatIsHeldToASchema() throws IOException {
    RawClient.Answer answer = server.postChat("Hello!", format(SCHEMA));
    assertEquals(BENT, answer.at("choices.0.message.content"), answer::text);
    assertEquals("stop", answer.at("choices.0.finish_reason"));
    RawClient.Answer stream = server.postChat("Hello!", format(SCHEMA) + ",\"stream\":true");
    assertTrue(stream.text().contains("\"finish_reason\":\"stop\""), stream::text);
    RawClient.Answer lax =
        server.postChat(
            "Hello!", format(SCHEMA).replace("\"schema\"", "\"strict\":false,\"schema\""));
    assertEquals(BENT, lax.at("choices.0.message.content"), lax::text);
  }

  @Test
  void whatFitsIsLeftAsItIs() throws IOException {
    String said = "\\\"b\\\": [1, {}]}"; // the brace in front is all that may come
    RawClient.Answer answer =
        server.postChat(said, ",\"response_format\":{\"type\":\"json_object\"}");
    assertEquals("{\"b\": [1, {}]}", answer.at("choices.0.message.content"), answer::text);
    RawClient.Answer text = server.postChat("Hi", ",\"response_format\":{\"type\":\"text\"}");
    assertEquals("Hi", text.at("choices.0.message.content"), text::text);
  }

  @Test
  void anAnswerThatIsCutSaysSo() throws IOException {
    RawClient.Answer answer = server.postChat("x", format(SCHEMA) + ",\"max_tokens\":4");
    assertEquals("{\"a\"", answer.at("choices.0.message.content"), answer::text);
    assertEquals("length", answer.at("choices.0.finish_reason"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"guided_json\":SCHEMA",
        "\"guided_json\":\"{\\\"enum\\\":[{\\\"a\\\":9}]}\"",
        "\"guided_regex\":\"[{]\\\"a\\\":9[}]\"",
        "\"guided_choice\":[\"{\\\"a\\\":9}\"]",
        "\"guided_grammar\":\"root ::= \\\"{\\\\\\\"a\\\\\\\":\\\" [0-9] \\\"}\\\"\"",
        "\"guided_grammar\":\"start: \\\"{\\\\\\\"a\\\\\\\":\\\" /[0-9]/ \\\"}\\\"\"",
        "\"structured_outputs\":{\"json\":SCHEMA}",
        "\"structured_outputs\":{\"regex\":\"[{]\\\"a\\\":9[}]\"}",
        "\"structured_outputs\":{\"choice\":[\"{\\\"a\\\":9}\"]}",
        "\"structured_outputs\":{\"grammar\":\"root ::= \\\"{\\\\\\\"a\\\\\\\":9}\\\"\"}",
        "\"grammar\":\"root ::= \\\"{\\\\\\\"a\\\\\\\":9}\\\"\"",
        "\"json_schema\":SCHEMA",
        "\"response_format\":{\"type\":\"json_object\",\"schema\":SCHEMA}",
        "\"response_format\":{\"type\":\"grammar\",\"grammar\":\"root ::="
            + " \\\"{\\\\\\\"a\\\\\\\":9}\\\"\"}"
      })
  void namesOfOtherServersAreKnown(String member) throws IOException {
    String more = "," + member.replace("SCHEMA", SCHEMA);
    RawClient.Answer chat = server.postChat("Hello!", more);
    assertEquals(BENT, chat.at("choices.0.message.content"), chat::text);
    RawClient.Answer completion = server.postCompletion("Hello!", more);
    assertEquals(BENT, completion.at("choices.0.text"), completion::text);
  }

  @Test
  void llamaServersOwnCompletionsAreHeldToo() throws IOException {
    RawClient.Answer schema =
        server.post(
            "/completion",
            "{\"model\":\"echo\",\"prompt\":\"Hi\",\"json_schema\":%s}".formatted(SCHEMA));
    assertEquals(BENT, schema.at("content"), schema::text);
    RawClient.Answer grammar =
        server.post(
            "/completion",
            "{\"model\":\"echo\",\"prompt\":\"Hi\",\"grammar\":\"root ::= \\\"yes\\\"\"}");
    assertEquals("yes", grammar.at("content"), grammar::text);
    RawClient.Answer both =
        server.post(
            "/completion",
            "{\"model\":\"echo\",\"prompt\":\"Hi\",\"grammar\":\"root ::="
                + " \\\"yes\\\"\",\"json_schema\":{}}");
    assertEquals(400, both.status(), both::text);
  }

  @Test
  void responsesAreHeldByTheirTextFormat() throws IOException {
    RawClient.Answer answer =
        server.post(
            "/v1/responses",
            """
            {"model":"echo","input":"Hi","text":{"format":\
            {"type":"json_schema","name":"n","schema":%s,"strict":true}}}\
            """
                .formatted(SCHEMA));
    assertEquals(BENT, answer.at("output.0.content.0.text"), answer::text);
    RawClient.Answer cut =
        server.post(
            "/v1/responses",
            """
            {"model":"echo","input":"Hi","max_output_tokens":3,"text":{"format":\
            {"type":"json_schema","name":"n","schema":%s}}}\
            """
                .formatted(SCHEMA));
    assertEquals("incomplete", cut.at("status"), cut::text);
  }

  @Test
  void ollamasFormatIsASchemaOrJson() throws IOException {
    RawClient.Answer chat =
        server.post("/api/chat", TestServer.chat("Hi", ",\"stream\":false,\"format\":" + SCHEMA));
    assertEquals(BENT, chat.at("message.content"), chat::text);
    RawClient.Answer generate =
        server.post(
            "/api/generate",
            "{\"model\":\"echo\",\"prompt\":\"{}\",\"stream\":false,\"format\":\"json\"}");
    assertEquals("{}", generate.at("response"), generate::text);
    RawClient.Answer other =
        server.post(
            "/api/generate",
            "{\"model\":\"echo\",\"prompt\":\"{}\",\"stream\":false,\"format\":\"xml\"}");
    assertEquals(400, other.status(), other::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":SCHEMA}}",
        "\"output_format\":{\"type\":\"json_schema\",\"schema\":SCHEMA}"
      })
  void messagesAreHeldByTheirOutputFormat(String member) throws IOException {
    RawClient.Answer answer =
        server.post(
            "/v1/messages",
            TestServer.chat("Hi", ",\"max_tokens\":100," + member.replace("SCHEMA", SCHEMA)),
            "anthropic-version: 2023-06-01");
    assertEquals(BENT, answer.at("content.0.text"), answer::text);
    assertEquals("end_turn", answer.at("stop_reason"));
  }

  @Test
  void thoughtsAreFree() throws IOException {
    RawClient.Answer begun =
        server.post(
            "/v1/chat/completions",
            TestServer.chat("Hm {</think>Well", format(SCHEMA) + ",\"enable_thinking\":true")
                .replace("\"echo\"", "\"thinker\""));
    assertEquals("Hm {", begun.at("choices.0.message.reasoning_content"), begun::text);
    assertEquals(BENT, begun.at("choices.0.message.content"), begun::text);
    RawClient.Answer own =
        server.post(
            "/v1/chat/completions",
            TestServer.chat("<Hm</think>Well", format(SCHEMA)).replace("\"echo\"", "\"thinker\""));
    assertEquals("Hm", own.at("choices.0.message.reasoning_content"), own::text);
    assertEquals(BENT, own.at("choices.0.message.content"), own::text);
    RawClient.Answer budget =
        server.post(
            "/v1/chat/completions",
            TestServer.chat(
                    "HmmWell", format(SCHEMA) + ",\"enable_thinking\":true,\"thinking_budget\":3")
                .replace("\"echo\"", "\"thinker\""));
    assertEquals("Hmm", budget.at("choices.0.message.reasoning_content"), budget::text);
    assertEquals(BENT, budget.at("choices.0.message.content"), budget::text);
  }

  @Test
  void allChoicesAreHeld() throws IOException {
    RawClient.Answer answer =
        server.postChat("x", format(SCHEMA) + ",\"n\":2,\"logprobs\":true,\"min_tokens\":2");
    assertEquals(BENT, answer.at("choices.0.message.content"), answer::text);
    assertEquals(BENT, answer.at("choices.1.message.content"), answer::text);
  }

  @Test
  void aCallThatMustBeIsTheAnswer() throws IOException {
    String tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"time\"}}],\"tool_choice\":\"required\"";
    RawClient.Answer answer =
        server.post(
            "/v1/chat/completions",
            TestServer.chat(" {}}</tool_call>", format(SCHEMA) + tools)
                .replace("\"echo\"", "\"caller\""));
    assertEquals("time", answer.at("choices.0.message.tool_calls.0.function.name"), answer::text);
  }

  private static void assertRefused(RawClient.Answer answer, String param, String words) {
    assertEquals(400, answer.status(), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
    assertTrue(((String) answer.at("error.message")).contains(words), answer::text);
  }

  @Test
  void whatCannotBeHonouredIsRefusedByName() throws IOException {
    assertRefused(
        server.postChat("x", format("{\"properties\":{\"a\":{\"pattern\":\"(a)\\\\1\"}}}")),
        "response_format.json_schema.schema",
        "/properties/a/pattern");
    assertRefused(
        server.postChat("x", ",\"guided_grammar\":\"root ::= [\""), "guided_grammar", "line 1");
    assertRefused(server.postChat("x", ",\"guided_regex\":\"(\""), "guided_regex", "");
    assertRefused(server.postChat("x", ",\"guided_choice\":[]"), "guided_choice", "nothing");
    assertRefused(
        server.postChat("x", ",\"guided_choice\":[\"a\",1]"), "guided_choice[1]", "a string");
    assertRefused(
        server.postChat("x", ",\"guided_choice\":[\"a\"],\"guided_regex\":\"a\""),
        "guided_choice",
        "cannot stand together");
    assertRefused(
        server.postChat("x", ",\"response_format\":{\"type\":\"structural_tag\"}"),
        "response_format.type",
        "Structural tags");
    assertRefused(
        server.postChat("x", ",\"response_format\":{\"type\":\"json_schema\"}"),
        "response_format.json_schema",
        "Missing");
    assertRefused(
        server.postChat("x", ",\"response_format\":{\"type\":\"xml\"}"),
        "response_format.type",
        "'xml'");
    assertRefused(server.postChat("x", format("3")), "response_format.json_schema.schema", "");
    assertRefused(
        server.postChat("x", ",\"grammar\":\"root ::= root \\\"a\\\"\""), "grammar", "root");
  }
}
