package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.call.Tools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One conversation in the words of every family: thoughts, text, two calls whose arguments hold the
 * format's own markers, and text behind them.
 */
@Timeout(120)
class FamiliesTest {
  private static final Tools TOOLS =
      Tools.of(
          List.of(
              Map.of(
                  "name",
                  "note.add",
                  "parameters",
                  Map.of(
                      "properties",
                      Map.of(
                          "body", Map.of("type", "string"),
                          "count", Map.of("type", "integer"),
                          "more", Map.of("type", "object"))))));

  /**
   * @param template what tells the family
   * @param opening what the prompt ends with
   * @param marker that stands in the first call's {@code body}
   * @param thought in front of the text; without thoughts where the family has none
   * @param calls with {@code MARKER} for the marker
   * @param behind the calls
   */
  record Sample(
      String family,
      String template,
      String opening,
      String marker,
      String thought,
      String text,
      String calls,
      String behind) {
    String raw() {
      return thought + text + calls.replace("MARKER", marker) + behind;
    }

    @Override
    public String toString() {
      return family;
    }
  }

  /** In JSON the call is the same everywhere. */
  private static final String ONE = "{\"body\": \"see MARKER there\", \"count\": 2}";

  private static Sample json(
      String family, String template, String start, String between, String end, String name) {
    String first = "{\"NAME\": \"note.add\", \"PARAMETERS\": " + ONE + "}";
    String second = "{\"NAME\": \"ping\", \"PARAMETERS\": {}}";
    String[] names = name.split(",");
    String calls =
        (start + first + between + second + end)
            .replace("NAME", names[0])
            .replace("PARAMETERS", names[1]);
    return new Sample(family, template, "", start.strip(), "", "Text.\n", calls, "\nDone.");
  }

  private static Sample thinking(Sample sample, String start, String end) {
    return new Sample(
        sample.family,
        sample.template,
        sample.opening,
        sample.marker,
        start + "Thought " + sample.marker + "." + end,
        sample.text,
        sample.calls,
        sample.behind);
  }

  private static Sample named(
      String family, String template, String first, String second, String tail, String marker) {
    String calls = first.replace("JSON", ONE) + second + tail;
    return new Sample(family, template, "", marker, "", "Text.", calls, "\nDone.");
  }

  static Stream<Sample> samples() {
    return Stream.of(jsonSamples(), parameterSamples(), otherSamples()).flatMap(List::stream);
  }

  private static List<Sample> jsonSamples() {
    return List.of(
        thinking(
            json(
                "Hermes",
                "<tool_call> <think>",
                "<tool_call>\n",
                "\n</tool_call>\n<tool_call>\n",
                "\n</tool_call>",
                "name,arguments"),
            "<think>",
            "</think>"),
        json("Hermes", "<tool_call>", "<tool_call>[", ", ", "]</tool_call>", "name,arguments"),
        json("Granite 3", "<|tool_call|>", "<|tool_call|>[", ", ", "]", "name,arguments"),
        json(
            "Nemotron Nano 2", "<TOOLCALL>", "<TOOLCALL>[", ", ", "]</TOOLCALL>", "name,arguments"),
        thinking(
            json(
                "Apriel",
                "<tool_calls>",
                "<tool_calls>[",
                ", ",
                "]</tool_calls>",
                "name,arguments"),
            "Here are my reasoning steps:\n",
            "\n[BEGIN FINAL RESPONSE]\n"),
        json("Apriel", "<tool_calls>", "<tool_calls>\n", "\n", "\n</tool_calls>", "name,arguments"),
        json("FireFunction", "functools", "functools[", ", ", "]", "name,arguments"),
        json(
            "GigaChat",
            "<|role_sep|> <|message_sep|>",
            "<|function_call|>",
            "<|message_sep|>\n\nfunction call<|role_sep|>\n",
            "",
            "name,arguments"),
        json(
            "Command R+",
            "Action: ```json",
            "Action:\n```json\n[\n",
            ",\n",
            "\n]```",
            "tool_name,parameters"),
        json(
            "Llama 3",
            "\"parameters\" <|start_header_id|> <|eot_id|>",
            "",
            "; ",
            "",
            "name,parameters"),
        thinking(
            json("Mistral", "[TOOL_CALLS]", "[TOOL_CALLS][", ", ", "]", "name,arguments"),
            "[THINK]",
            "[/THINK]"),
        named(
            "Mistral",
            "[TOOL_CALLS]",
            "[TOOL_CALLS]note.add[CALL_ID]abc[ARGS]JSON",
            "[TOOL_CALLS]ping[ARGS]{}",
            "",
            "[ARGS]"),
        named(
            "Functionary 3.1",
            "<function=",
            "<function=note.add>JSON</function>",
            "<function=ping></function>",
            "",
            "</function>"),
        thinking(
            named(
                "DeepSeek",
                "tool▁calls▁begin",
                "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>note.add\n```json\nJSON\n"
                    + "```<｜tool▁call▁end｜>",
                "\n<｜tool▁call▁begin｜>ping<｜tool▁sep｜>{}<｜tool▁call▁end｜>",
                "<｜tool▁calls▁end｜>",
                "<｜tool▁call▁end｜>"),
            "<think>",
            "</think>"),
        named(
            "Kimi K2",
            "<|tool_calls_section_begin|>",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.note.add:0"
                + "<|tool_call_argument_begin|>JSON<|tool_call_end|>",
            "<|tool_call_begin|>ping:1<|tool_call_argument_begin|>{}<|tool_call_end|>",
            "<|tool_calls_section_end|>",
            "<|tool_call_end|>"),
        thinking(
            named(
                "Apertus",
                "<|tools_prefix|>",
                "<|tools_prefix|>[{\"note.add\": JSON}",
                ", {\"ping\": {}}",
                "]<|tools_suffix|>",
                "<|tools_suffix|>"),
            "<|inner_prefix|>",
            "<|inner_suffix|>"),
        named(
            "MiroThinker",
            "<use_mcp_tool>",
            "<use_mcp_tool>\n<server_name>s</server_name>\n<tool_name>note.add</tool_name>\n"
                + "<arguments>\nJSON\n</arguments>\n</use_mcp_tool>",
            "\n<use_mcp_tool>\n<server_name>s</server_name>\n<tool_name>ping</tool_name>\n"
                + "<arguments>\n{}\n</arguments>\n</use_mcp_tool>",
            "",
            "</arguments>"));
  }

  private static List<Sample> parameterSamples() {
    return List.of(
        thinking(
            named(
                "Qwen3-Coder",
                "<tool_call> <function=",
                "<tool_call>\n<function=note.add>\n<parameter=body>\nsee MARKER there\n</parameter>"
                    + "\n<parameter=count>\n2\n</parameter>\n</function>\n</tool_call>",
                "\n<tool_call>\n<function=ping>\n</function>\n</tool_call>",
                "",
                "</parameter>"),
            "<think>\n",
            "\n</think>\n\n"),
        named(
            "Seed-OSS",
            "<seed:tool_call>",
            "<seed:tool_call>\n<function=note.add>\n<parameter=body>see MARKER there</parameter>\n"
                + "<parameter=count>2</parameter>\n</function>\n</seed:tool_call>",
            "\n<seed:tool_call>\n<function=ping>\n</function>\n</seed:tool_call>",
            "",
            "</parameter>"),
        named(
            "GLM",
            "<arg_key>",
            "<tool_call>note.add\n<arg_key>body</arg_key>\n<arg_value>see MARKER there</arg_value>\n"
                + "<arg_key>count</arg_key><arg_value>2</arg_value></tool_call>",
            "<tool_call>ping</tool_call>",
            "",
            "</arg_value>"),
        named(
            "Hy3",
            ":opensource arg_key",
            "<tool_calls:opensource>\n<tool_call:opensource>note.add<tool_sep:opensource>\n"
                + "<arg_key:opensource>body</arg_key:opensource>\n<arg_value:opensource>see MARKER"
                + " there</arg_value:opensource>\n<arg_key:opensource>count</arg_key:opensource>\n"
                + "<arg_value:opensource>2</arg_value:opensource>\n</tool_call:opensource>\n",
            "<tool_call:opensource>ping<tool_sep:opensource>\n</tool_call:opensource>\n",
            "</tool_calls:opensource>",
            "</arg_value:opensource>"),
        named(
            "MiniCPM 5",
            "<function name=",
            "<function name=\"note.add\"><param name=\"body\"><![CDATA[see MARKER there]]></param>"
                + "<param name=\"count\">2</param></function>",
            "\n<function name=\"ping\"></function>",
            "",
            "</function>"),
        named(
            "MiniMax M2",
            "<minimax:tool_call>",
            "<minimax:tool_call>\n<invoke name=\"note.add\">\n<parameter name=\"body\">see MARKER"
                + " there</parameter>\n<parameter name=\"count\">2</parameter>\n</invoke>\n",
            "<invoke name=\"ping\">\n</invoke>\n",
            "</minimax:tool_call>",
            "</parameter>"),
        named(
            "MiniMax M3",
            "]<]minimax[>[",
            "]<]minimax[>[<tool_call>\n]<]minimax[>[<invoke name=\"note.add\">]<]minimax[>[<body>see"
                + " MARKER there]<]minimax[>[</body>]<]minimax[>[<count>2]<]minimax[>[</count>"
                + "]<]minimax[>[</invoke>\n",
            "]<]minimax[>[<invoke name=\"ping\">]<]minimax[>[</invoke>\n",
            "]<]minimax[>[</tool_call>",
            "]<]minimax[>[</body>"),
        named(
            "DSML",
            "DSML",
            "<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"note.add\">\n<｜DSML｜parameter name=\"body\""
                + " string=\"true\">see MARKER there</｜DSML｜parameter>\n<｜DSML｜parameter"
                + " name=\"count\" string=\"false\">2</｜DSML｜parameter>\n</｜DSML｜invoke>\n",
            "<｜DSML｜invoke name=\"ping\">\n</｜DSML｜invoke>\n",
            "</｜DSML｜tool_calls>",
            "</｜DSML｜parameter>"),
        named(
            "Kimi K3",
            "<|open|> <|close|>",
            "<|open|>tools<|sep|><|open|>call tool=\"note.add\" index=\"1\"<|sep|><|open|>argument"
                + " key=\"body\" type=\"string\"<|sep|>see MARKER there<|close|>argument<|sep|>"
                + "<|open|>argument key=\"count\" type=\"number\"<|sep|>2<|close|>argument<|sep|>"
                + "<|close|>call<|sep|>",
            "<|open|>call tool=\"ping\" index=\"2\"<|sep|><|close|>call<|sep|>",
            "<|close|>tools<|sep|><|close|>message<|sep|>",
            "<|close|>argument<|sep|>"));
  }

  private static List<Sample> otherSamples() {
    return List.of(
        named(
            "LFM2",
            "<|tool_call_start|>",
            "<|tool_call_start|>[note.add(body='see MARKER there', count=2), ",
            "ping()",
            "]<|tool_call_end|>",
            "<|tool_call_end|>"),
        named(
            "Gemma 4",
            "<|channel> <|tool_call>",
            "<|tool_call>call:note.add{body:<|\"|>see MARKER there<|\"|>,count:2}<tool_call|>",
            "<|tool_call>call:ping{}<tool_call|>",
            "",
            "<tool_call|>"),
        named(
            "FunctionGemma",
            "<start_function_call>",
            "<start_function_call>call:note.add{body:<escape>see MARKER there<escape>,count:2}"
                + "<end_function_call>",
            "<start_function_call>call:ping{}<end_function_call>",
            "",
            "<end_function_call>"),
        message(
            "gpt-oss",
            "<|channel|> <|message|>",
            "<|start|>assistant",
            "<|channel|>analysis<|message|>Thought <|channel|>.<|end|><|start|>assistant",
            "<|channel|>commentary<|message|>Text.<|end|><|start|>assistant",
            "<|channel|>commentary to=functions.note.add <|constrain|>json<|message|>JSON<|call|>"
                + "<|start|>assistant to=functions.ping<|channel|>commentary json<|message|>{}",
            "<|call|>\nDone.",
            "<|channel|>"),
        message(
            "Muse",
            "atem:",
            "<|start|>assistant",
            " to=self<|message|>Thought <|eom|>.<|eom|><|start|>assistant",
            " to=user<|message|>Text.<|eom|><|start|>assistant",
            " to=note.add<|message|><atem:function_calls>\n<atem:invoke name=\"note.add\">\n"
                + "<atem:parameter name=\"body\">see MARKER there</atem:parameter>\n<atem:parameter"
                + " name=\"count\">2</atem:parameter>\n</atem:invoke>\n<atem:invoke name=\"ping\">\n"
                + "</atem:invoke>\n</atem:function_calls>",
            "\nDone.",
            "<|eom|>"),
        message(
            "Functionary 3.2",
            ">>> <|start_header_id|>",
            "<|end_header_id|>\n\n>>>",
            "",
            "all\nText.",
            ">>>note.add\nJSON>>>ping\n{}",
            ">>>all\nDone.",
            ">>>all"),
        message(
            "Command",
            "START_ACTION",
            "<|START_THINKING|>",
            "Thought <|START_ACTION|>.<|END_THINKING|>",
            "<|START_RESPONSE|>Text.<|END_RESPONSE|>",
            "<|START_ACTION|>[\n{\"tool_call_id\": \"0\", \"tool_name\": \"note.add\","
                + " \"parameters\": JSON},\n{\"tool_name\": \"ping\", \"parameters\": {}}\n]"
                + "<|END_ACTION|>",
            "\nDone.",
            "<|START_ACTION|>"),
        message(
            "Solar Open",
            "<|tool_call:begin|>",
            "",
            "<|think|>Thought <|calls|>.<|end|><|begin|>assistant",
            "<|content|>Text.",
            "<|tool_calls|><|tool_call:begin|>x<|tool_call:name|>note.add<|tool_call:args|>JSON"
                + "<|tool_call:end|><|tool_call:begin|>y<|tool_call:name|>ping<|tool_call:args|>{}"
                + "<|tool_call:end|><|calls|>",
            "\nDone.",
            "<|calls|>"));
  }

  private static Sample message(
      String family,
      String template,
      String opening,
      String thought,
      String text,
      String calls,
      String behind,
      String marker) {
    return new Sample(
        family, template, opening, marker, thought, text, calls.replace("JSON", ONE), behind);
  }

  private static ParsedAnswer parse(Sample sample, boolean cut, List<String> pieces) {
    AnswerParser parser = AnswerSyntaxes.of(sample.template()).parser(sample.opening(), TOOLS);
    return ParsedAnswer.of(parser, cut, pieces);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void allOfAnAnswerIsRead(Sample sample) {
    assertEquals(sample.family(), AnswerFormat.ofTemplate(sample.template()).name().orElseThrow());
    ParsedAnswer answer = parse(sample, false, List.of(sample.raw()));
    assertEquals("Text.Done.", answer.text().replaceAll("\\s", ""), sample.raw());
    String marker = sample.marker();
    String thought = sample.thought().isEmpty() ? "" : "Thought " + marker + ".";
    assertEquals(thought, answer.reasoning().strip());
    String body = marker.isEmpty() ? "see  there" : "see " + marker + " there";
    String quoted = body.replace("\"", "\\\"").replace("\n", "\\n");
    assertEquals(2, answer.calls().size(), sample.raw());
    assertEquals("note.add", answer.calls().getFirst().name());
    assertEquals(
        "{\"body\":\"" + quoted + "\",\"count\":2}",
        answer.calls().getFirst().arguments().replace("\": ", "\":").replace(", \"", ",\""));
    assertEquals("ping", answer.calls().getLast().name());
    assertEquals("{}", answer.calls().getLast().arguments());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyCutIsTheSame(Sample sample) {
    String whole = parse(sample, false, List.of(sample.raw())).toString();
    assertEquals(whole, parse(sample, false, Cuts.characters(sample.raw())).toString());
    for (List<String> pieces : Cuts.inTwo(sample.raw())) {
      assertEquals(whole, parse(sample, false, pieces).toString(), pieces::toString);
    }
  }

  /** What was given before an answer is cut off is the start of the whole. */
  @ParameterizedTest
  @MethodSource("samples")
  void whatIsGivenIsNeverTakenBack(Sample sample) {
    String raw = sample.raw();
    ParsedAnswer whole = parse(sample, false, List.of(raw));
    for (List<String> pieces : Cuts.inTwo(raw)) {
      ParsedAnswer cut = parse(sample, true, List.of(pieces.getFirst()));
      assertTrue(whole.text().startsWith(cut.text()), pieces::toString);
      assertTrue(whole.reasoning().startsWith(cut.reasoning()), pieces::toString);
      for (int i = 0; i < cut.calls().size(); i++) {
        assertEquals(whole.calls().get(i).name(), cut.calls().get(i).name());
        String arguments = cut.calls().get(i).arguments();
        assertTrue(whole.calls().get(i).arguments().startsWith(arguments), pieces::toString);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void withoutToolsNothingIsCalledAndNothingLost(Sample sample) {
    AnswerParser parser = AnswerSyntaxes.of(sample.template()).parser(sample.opening(), Tools.NONE);
    ParsedAnswer answer = ParsedAnswer.of(parser, false, List.of(sample.raw()));
    assertEquals(List.of(), answer.calls());
    assertTrue(answer.text().contains("there") && answer.text().contains("Done."), answer.text());
  }

  /** What a vocabulary may have as hidden tokens, inside calls as well. */
  @Test
  void markersInsideCallsAreNamed() {
    assertTrue(AnswerSyntaxes.of("<|channel> <|tool_call>").markers().contains("<|\"|>"));
    assertTrue(AnswerSyntaxes.of("<arg_key>").markers().contains("</arg_value>"));
    assertTrue(
        AnswerSyntaxes.of("<|tool_calls_section_begin|>")
            .markers()
            .contains("<|tool_call_argument_begin|>"));
  }

  /** An answer that ends inside a call, though the model has nothing more to say. */
  @ParameterizedTest
  @MethodSource("samples")
  void anUnfinishedCallIsText(Sample sample) {
    String raw = sample.raw();
    int end = raw.indexOf(" there") + 3;
    ParsedAnswer answer = parse(sample, false, List.of(raw.substring(0, end)));
    assertEquals(List.of(), answer.calls());
    assertTrue(answer.text().endsWith(" th"), answer.text());
    assertTrue(answer.text().contains("note.add"), answer.text());
  }

  /** Arguments come while they are written. */
  @ParameterizedTest
  @MethodSource("samples")
  void argumentsAreNotHeld(Sample sample) {
    AnswerParser parser = AnswerSyntaxes.of(sample.template()).parser(sample.opening(), TOOLS);
    List<Part> parts = new ArrayList<>();
    String raw = sample.raw();
    int behindMarker = raw.indexOf(" there") + 4;
    parser.accept(raw.substring(0, behindMarker), parts::add);
    StringBuilder arguments = new StringBuilder();
    String name = "";
    for (Part part : parts) {
      switch (part) {
        case ToolCallStart start -> name = start.name();
        case ToolCallArguments(int _, String fragment) -> arguments.append(fragment);
        case AnswerEvent.Text _, AnswerEvent.Reasoning _, AnswerEvent.ToolCallBroken _ -> {}
      }
    }
    assertEquals("note.add", name);
    assertTrue(arguments.toString().endsWith(" the"), arguments.toString());
  }

  /** A megabyte of anything takes moments, inside a call or not: a text is read once. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Hermes",
        "Llama 3",
        "Mistral",
        "Qwen3-Coder",
        "MiniMax M3",
        "LFM2",
        "Gemma 4",
        "gpt-oss"
      })
  void timeGrowsWithTheText(String family) {
    Sample sample = samples().filter(s -> s.family().equals(family)).findFirst().orElseThrow();
    String calls = sample.calls();
    String inCall = calls.substring(0, calls.indexOf("see "));
    List<String> bits = List.of("{\"", "\\", " \n", "<|<tool_[", sample.marker() + " ", inCall);
    for (String bit : bits) {
      String text = sample.thought() + inCall + bit.repeat(1_000_000 / bit.length());
      assertTimeoutPreemptively(Duration.ofSeconds(30), () -> length(sample, text, 1 << 20), bit);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void smallPiecesTakeNoLonger(Sample sample) {
    String inCall = sample.calls().substring(0, sample.calls().indexOf("see "));
    for (String bit : List.of("\"", " \n", "<|<tool_[", sample.marker() + " ", sample.calls())) {
      String text = sample.thought() + inCall + bit.repeat(30_000 / Math.max(1, bit.length()));
      assertEquals(length(sample, text, 1 << 20), length(sample, text, 3));
    }
  }

  /** How much of an answer is text, or reasoning, when it comes in pieces of so many characters. */
  private static long length(Sample sample, String text, int piece) {
    AnswerParser parser = AnswerSyntaxes.of(sample.template()).parser(sample.opening(), TOOLS);
    long[] length = new long[1];
    Consumer<Part> count =
        part ->
            length[0] +=
                switch (part) {
                  case AnswerEvent.Text(String more) -> more.length();
                  case AnswerEvent.Reasoning(String more) -> more.length();
                  case ToolCallStart _, ToolCallArguments _, AnswerEvent.ToolCallBroken _ -> 0;
                };
    for (int at = 0; at < text.length(); at += piece) {
      parser.accept(text.substring(at, Math.min(text.length(), at + piece)), count);
    }
    parser.finish(true, count);
    return length[0];
  }
}
