package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.call.Tools;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers taken apart, however they come in pieces. */
class AnswerParserTest {
  private static final String THINKS = "...<think>...</think>...";
  private static final String CALLS = "<tool_call>{\"name\": ..., \"arguments\": ...}</tool_call>";
  private static final String BOTH = THINKS + CALLS;

  /** The whole answer; checks that every way to cut it gives the same. */
  private static ParsedAnswer parse(String template, String opening, String raw, boolean cut) {
    AnswerSyntax syntax = AnswerSyntaxes.of(template);
    ParsedAnswer whole = ParsedAnswer.of(syntax.parser(opening, Tools.UNKNOWN), cut, List.of(raw));
    for (List<String> pieces : Cuts.of(raw)) {
      ParsedAnswer other = ParsedAnswer.of(syntax.parser(opening, Tools.UNKNOWN), cut, pieces);
      assertEquals(whole.toString(), other.toString(), () -> "cut as " + pieces);
    }
    return whole;
  }

  private static ParsedAnswer parse(String raw) {
    return parse(BOTH, "", raw, false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Hello                               | Hello          | ''
          <think>a b</think>c                 | c              | a b
          <think>~a~</think>~~b~c~            | b~c~           | a
          ~<think>a</think>b                  | b              | a
          <think></think>b                    | b              | ''
          <think>a                            | ''             | a
          <think>a</thin                      | ''             | a</thin
          <think>a</thin b</think>c           | c              | a</thin b
          <think>a<think>b</think>c           | c              | a<think>b
          a <think> b                         | a <think> b    | ''
          a </think> b                        | a </think> b   | ''
          <think>a</think>b</think>           | b</think>      | a
          <thinker>                           | <thinker>      | ''
          <<think>a                           | <<think>a      | ''
          <thi                                | <thi           | ''
          <tool_call                          | <tool_call     | ''
          a <tool_call> is a tag              | a <tool_call> is a tag | ''
          a~~                                 | a~~            | ''
          ~~                                  | ~~             | ''
          """)
  void reasoningAndText(String raw, String text, String reasoning) {
    ParsedAnswer answer = parse(raw.replace('~', '\n'));
    assertEquals(text.replace('~', '\n'), answer.text());
    assertEquals(reasoning.replace('~', '\n'), answer.reasoning());
    assertEquals(List.of(), answer.calls());
  }

  @Test
  void theTemplateMayHaveBegunTheReasoning() {
    ParsedAnswer open = parse(THINKS, "<|assistant|>\n<think>\n", "\na\n</think>\n\nb", false);
    assertEquals("text b | reasoning a | calls []", open.toString());
    ParsedAnswer closed = parse(THINKS, "<|assistant|><think>\n\n</think>\n\n", "b", false);
    assertEquals("text b | reasoning  | calls []", closed.toString());
  }

  @Test
  void callsAreReadWithTheirArgumentsAsTheyStand() {
    String raw =
        "I look.\n<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\":  \"Oslo\",\"n\": 1e2}}"
            + "\n</tool_call>\n<tool_call>{\"name\":\"ping\",\"arguments\":{}}</tool_call>\n\n";
    ParsedAnswer answer = parse(raw);
    assertEquals("I look.", answer.text());
    assertEquals(
        List.of(
            new ParsedAnswer.Call("", "get_weather", "{\"city\":  \"Oslo\",\"n\": 1e2}"),
            new ParsedAnswer.Call("", "ping", "{}")),
        answer.calls());
  }

  @Test
  void reasoningTextAndCallsGoTogether() {
    ParsedAnswer answer =
        parse(
            "<think>\nmay <tool_call>{\"name\": 1} be?\n</think>\n\nYes.\n\n<tool_call>\n"
                + "{\"name\": \"f\", \"arguments\": {}}\n</tool_call>\nDone.");
    assertEquals("Yes.\nDone.", answer.text());
    assertEquals("may <tool_call>{\"name\": 1} be?", answer.reasoning());
    assertEquals(List.of(new ParsedAnswer.Call("", "f", "{}")), answer.calls());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"f\", \"arguments\": {\"a\": \"</tool_call> <tool_call> <think> {[\\\"]\"}}",
        "{\"arguments\": {\"a\": \"</tool_call> <tool_call> <think> {[\\\"]\"}, \"name\": \"f\"}",
        "{\"x\": [1, {\"name\": \"g\"}, -0.5e+1, true], \"name\": \"f\", \"y\": 12, \"arguments\":"
            + " {\"a\": \"</tool_call> <tool_call> <think> {[\\\"]\"}, \"z\": null}",
        "{\"name\": \"f\", \"parameters\": {\"a\": \"</tool_call> <tool_call> <think> {[\\\"]\"}}",
        "{\"na\\u006de\": \"\\u0066\", \"arguments\": \"{\\\"a\\\": \\\"</tool_call> <tool_call>"
            + " <think> {[\\\\\\\"]\\\"}\"}",
      })
  void argumentsMayHoldTheFormatsOwnMarkers(String call) {
    String expected = "{\"a\": \"</tool_call> <tool_call> <think> {[\\\"]\"}";
    ParsedAnswer answer = parse("<tool_call>\n" + call + "\n</tool_call>");
    assertEquals(List.of(new ParsedAnswer.Call("", "f", expected)), answer.calls());
    assertEquals("", answer.text());
  }

  @Test
  void whatAModelForgetsIsForgiven() {
    assertEquals(
        List.of(new ParsedAnswer.Call("c1", "f", "{\"a\": \"x\\ny\\t\\u0001\"}")),
        parse(
                "<tool_call>{\"id\": \"c1\", \"name\": \"f\", \"arguments\": {\"a\": \"x\ny\t\u0001\"}}")
            .calls(),
        "no end tag, raw line breaks");
    assertEquals(
        List.of(new ParsedAnswer.Call("", "f", "{}")),
        parse("<tool_call>{\"name\": \"f\"}</tool_call>").calls(),
        "no arguments");
    assertEquals(
        List.of(new ParsedAnswer.Call("", "f", "{}")),
        parse("<tool_call>{\"arguments\": null, \"name\": \"f\"}</tool_call>").calls());
    ParsedAnswer more = parse("<tool_call>{\"name\": \"f\", \"arguments\": {}} } x</tool_call>");
    assertEquals(
        "text } x</tool_call> | reasoning  | calls [Call[id=, name=f, arguments={}]]",
        more.toString());
  }

  @Test
  void unicodeEscapesStay() {
    String arguments = "{\"t\": \"na\\u00efve \\ud83d\\ude42 \ud83d\ude42 \u6f22\"}";
    ParsedAnswer answer =
        parse("<tool_call>{\"name\": \"f\", \"arguments\": " + arguments + "}</tool_call>");
    assertEquals(arguments, answer.calls().getFirst().arguments());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>",
        "<tool_call>\n\n</tool_call>",
        "<tool_call>hello</tool_call>",
        "<tool_call>[1]</tool_call>",
        "<tool_call>{}</tool_call>",
        "<tool_call>{'name': 'f'}</tool_call>",
        "<tool_call>{\"name\": \"\"}</tool_call>",
        "<tool_call>{\"name\": 5, \"arguments\": {}}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": [1]}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": 5}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": \"x\"}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1,}}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1}\n</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 01}}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"\\x\"}}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": nul}}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1]}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"arguments\": {}, \"arguments\": {}}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"name\": \"g\"}</tool_call>",
        "<tool_call>{\"name\": \"f\", \"argum",
        "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"b",
      })
  void malformedCallsComeOutAsText(String call) {
    ParsedAnswer answer = parse("a\n" + call);
    assertEquals("a\n" + call, answer.text());
    assertEquals(List.of(), answer.calls());
    ParsedAnswer again =
        parse(call + "<tool_call>{\"name\": \"g\", \"arguments\": {}}</tool_call>");
    boolean ends = call.endsWith(">");
    assertEquals(ends ? 1 : 0, again.calls().size(), "the next call is read all the same");
  }

  @Test
  void callsThatAreCutOffAreNoText() {
    String call = "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"b";
    for (int end = "<tool_call>".length(); end <= call.length(); end++) {
      ParsedAnswer answer = parse(BOTH, "", "a " + call.substring(0, end), true);
      assertEquals("a", answer.text().strip());
      assertFalse(answer.broken());
    }
    assertEquals("{\"a\": \"b", parse(BOTH, "", call, true).calls().getFirst().arguments());
  }

  /** Models that call out of their thoughts, and models that think about calls. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <think>so CALL                | so                  | 1 | ''
          <think>so~CALL CALL~          | so                  | 2 | ''
          <think>so~CALL not</think>x   | so~CALL not         | 0 | x
          <think>so CALL</think>x       | so CALL             | 0 | x
          <think>CALL CALL</think>CALL  | CALL CALL           | 1 | ''
          <think>so CALL <tool_call>    | so CALL <tool_call> | 0 | ''
          """)
  void callsInThoughts(String raw, String reasoning, int calls, String text) {
    String call = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>";
    ParsedAnswer answer = parse(raw.replace('~', '\n').replace("CALL", call));
    assertEquals(reasoning.replace('~', '\n').replace("CALL", call), answer.reasoning());
    assertEquals(calls, answer.calls().size());
    assertEquals(text, answer.text());
    assertFalse(answer.broken());
  }

  @Test
  void withoutToolsCallsAreText() {
    String raw = "<think>a</think><tool_call>{\"name\": \"f\"}</tool_call> ";
    AnswerSyntax syntax = AnswerSyntaxes.of(BOTH);
    ParsedAnswer answer = ParsedAnswer.of(syntax.parser("", Tools.NONE), false, List.of(raw));
    assertEquals("<tool_call>{\"name\": \"f\"}</tool_call> ", answer.text());
    assertEquals("a", answer.reasoning());
    ParsedAnswer plain =
        ParsedAnswer.of(AnswerSyntax.PLAIN.parser("", Tools.UNKNOWN), false, List.of(raw));
    assertEquals(raw, plain.text());
    assertEquals(raw, parse("no tags at all", "", raw, false).text());
    assertEquals("a", parse(CALLS, "", raw, false).reasoning(), "whatever the template knows");
  }

  /** Nothing is kept back that cannot be a tag any more. */
  @Test
  void textIsGivenAsSoonAsItIsCertain() {
    AnswerParser parser = AnswerSyntaxes.of(BOTH).parser("", Tools.UNKNOWN);
    List<Part> parts = new ArrayList<>();
    parser.accept("Hi", parts::add);
    assertEquals(List.of(new AnswerEvent.Text("Hi")), parts);
    parser.accept(" <tool_", parts::add);
    assertEquals(1, parts.size());
    parser.accept("x", parts::add);
    assertEquals(new AnswerEvent.Text(" <tool_x"), parts.getLast());
    parser.accept("\n<tool_call>\n{\"name\": \"f\", \"arguments\": {", parts::add);
    assertEquals(new AnswerEvent.ToolCallArguments(0, "{"), parts.getLast());
    parser.accept("\"a", parts::add);
    assertEquals(new AnswerEvent.ToolCallArguments(0, "\"a"), parts.getLast());
    parser.accept("\": 1}", parts::add);
    assertEquals(new AnswerEvent.ToolCallArguments(0, "\": 1}"), parts.getLast());
    assertTrue(parts.toString().contains("ToolCallStart[index=0, id=Optional.empty, name=f]"));
  }
}
