package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.call.Tools;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gpt-oss calls the interpreter that it was trained with by its own name, and with code alone. */
class BuiltInPythonTest {
  private static final String THOUGHT =
      "<|channel|>analysis<|message|>I compute.<|end|><|start|>assistant";
  private static final String CODE = "x = \"a\\n\"\nif 1 < 2:\n\tprint(x) # <|";

  private static Tools tool(String name, String parameter) {
    return Tools.of(
        List.of(
            Map.of(
                "name",
                name,
                "parameters",
                Map.of(
                    "type", "object", "properties", Map.of(parameter, Map.of("type", "string"))))));
  }

  private static ParsedAnswer parse(String raw, Tools tools, boolean cut) {
    var syntax = AnswerSyntaxes.of("<|channel|> <|message|>");
    ParsedAnswer whole =
        ParsedAnswer.of(syntax.parser("<|start|>assistant", tools), cut, List.of(raw));
    ParsedAnswer pieces =
        ParsedAnswer.of(syntax.parser("<|start|>assistant", tools), cut, Cuts.characters(raw));
    assertEquals(whole.toString(), pieces.toString());
    return whole;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<|channel|>analysis to=python code<|message|>",
        "<|channel|>commentary to=python <|constrain|>code<|message|>",
        "<|channel|>analysis to=functions.python code<|message|>",
        " to=python<|channel|>analysis<|message|>",
      })
  void codeIsTheArgumentOfAToolOfThatName(String header) {
    for (String end : List.of("<|call|>", "<|end|>", "")) {
      ParsedAnswer answer = parse(THOUGHT + header + CODE + end, tool("python", "source"), false);
      assertEquals("I compute.", answer.reasoning().strip());
      assertEquals("", answer.text());
      assertEquals("python", answer.calls().getFirst().name());
      assertEquals(
          "{\"source\":\"x = \\\"a\\\\n\\\"\\nif 1 < 2:\\n\\tprint(x) # <|\"}",
          answer.calls().getFirst().arguments());
    }
  }

  @Test
  void anObjectStaysOne() {
    String raw = "<|channel|>commentary to=python <|constrain|>json<|message|>{\"code\": \"1\"}";
    ParsedAnswer answer = parse(THOUGHT + raw + "<|call|>", tool("python", "code"), false);
    assertEquals("{\"code\": \"1\"}", answer.calls().getFirst().arguments());
  }

  @Test
  void whereNoneWasOfferedItIsText() {
    String raw = THOUGHT + "<|channel|>analysis to=python code<|message|>" + CODE + "<|call|>";
    for (Tools tools : List.of(Tools.NONE, tool("weather", "city"))) {
      ParsedAnswer answer = parse(raw, tools, false);
      assertEquals(List.of(), answer.calls());
      assertTrue(answer.text().contains(CODE), answer.text());
    }
  }

  @Test
  void halfOfItIsNoWholeCall() {
    String raw = THOUGHT + "<|channel|>analysis to=python code<|message|>print(";
    ParsedAnswer answer = parse(raw, tool("python", "code"), true);
    assertEquals("{\"code\":\"print(", answer.calls().getFirst().arguments());
  }

  /** What follows a name is none of it, and the whole name is one. */
  @ParameterizedTest
  @ValueSource(strings = {"", " ", " json", " <|constrain|>json"})
  void aNameEndsWhereItMust(String behind) {
    String raw = THOUGHT + "<|channel|>commentary to=functions.ping" + behind + "<|message|>{}";
    ParsedAnswer answer = parse(raw, tool("ping", "x"), false);
    assertEquals("ping", answer.calls().getFirst().name());
    assertEquals("{}", answer.calls().getFirst().arguments());
  }
}
