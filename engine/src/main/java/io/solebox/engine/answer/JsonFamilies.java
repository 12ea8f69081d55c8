package io.solebox.engine.answer;

import io.solebox.engine.answer.MarkedSyntax.Naming;
import io.solebox.engine.answer.MarkedSyntax.Place;
import io.solebox.engine.answer.call.CallBodies;
import io.solebox.engine.answer.call.CallBody;
import io.solebox.engine.answer.call.Form;
import java.util.EnumSet;

/** Families that write what they call a tool with as JSON. */
final class JsonFamilies {
  private JsonFamilies() {}

  static Marks thinking() {
    return Marks.of().reasoning("<think>", "</think>");
  }

  /** Objects that name the tool, in a list or not. */
  static Marks objects(Marks marks, String start, String end) {
    return marks
        .calls(
            Form.of(start + " [", start).before("{"),
            Form.of(",").before("{"),
            CallBodies.jsonCall())
        .closing("] " + end, end);
  }

  /** {@code <tool_call>{"name": "f", "arguments": {}}</tool_call>}: Hermes, Qwen, Granite 4. */
  static AnswerSyntax hermes() {
    return objects(thinking(), "<tool_call>", "</tool_call>").syntax();
  }

  /** {@code <|tool_call|>[{"name": "f", "arguments": {}}]}: Granite 3. */
  static AnswerSyntax granite3() {
    Marks marks = objects(thinking(), "<|tool_call|>", "<|/tool_call|>");
    return objects(marks, "<tool_call>", "</tool_call>")
        .closing("]")
        .usualCall("<|tool_call|>[{\"name\": \"", "\", \"arguments\":", " {}}]")
        .syntax();
  }

  /** {@code <TOOLCALL>[{"name": "f", "arguments": {}}]</TOOLCALL>}: Nemotron Nano 2. */
  static AnswerSyntax nemotron2() {
    return objects(thinking(), "<TOOLCALL>", "</TOOLCALL>").syntax();
  }

  /**
   * {@code <tool_calls>[{"name": "f", "arguments": {}}]</tool_calls>}: Apriel, which begins its
   * thoughts with a sentence; MiniMax M1, which writes the objects without a list.
   */
  static AnswerSyntax toolCalls() {
    Marks marks =
        Marks.of()
            .reasoning("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]")
            .reasoning("<think>", "</think>")
            .frame("[BEGIN FINAL RESPONSE]", Form.of("[END FINAL RESPONSE]").beforeOrEnd())
            .framed(
                "[BEGIN FINAL RESPONSE]",
                "[BEGIN FINAL RESPONSE]\n",
                "\n",
                "\n[END FINAL RESPONSE]");
    return objects(marks, "<tool_calls>", "</tool_calls>")
        .call(
            EnumSet.of(Place.BEHIND_CALL),
            Form.of("").before("{"),
            CallBodies.bareJsonCall(),
            Naming.NAME)
        .syntax();
  }

  /** {@code functools[{"name": "f", "arguments": {}}]}. */
  static AnswerSyntax fireFunction() {
    return Marks.of()
        .calls(Form.of("functools [").before("{"), Form.of(",").before("{"), CallBodies.jsonCall())
        .closing("]")
        .syntax();
  }

  /** A message of a role of its own, or behind a token, with one object. */
  static AnswerSyntax gigaChat() {
    return Marks.of()
        .calls(
            Form.of("<|message_sep|> function call<|role_sep|>", "<|function_call|>").before("{"),
            Form.none(),
            CallBodies.jsonCall())
        .closing("<|message_sep|>")
        .syntax();
  }

  /** Command R7B and A: thoughts, text and actions, each between tokens of its own. */
  static AnswerSyntax cohere() {
    String[] next = {"<|START_ACTION|>", "<|END_OF_TURN_TOKEN|>"};
    Marks marks =
        Marks.of()
            .reasoning("<|START_THINKING|>", "<|END_THINKING|>")
            .frame("<|START_RESPONSE|>", Form.of("<|END_RESPONSE|>").beforeOrEnd(next))
            .frame("<|START_TEXT|>", Form.of("<|END_TEXT|>").beforeOrEnd(next))
            .framed(
                "<|START_RESPONSE|>",
                "<|START_RESPONSE|>",
                "<|START_RESPONSE|>",
                "<|END_RESPONSE|>")
            .framed("<|START_TEXT|>", "<|START_TEXT|>", "<|START_TEXT|>", "<|END_TEXT|>");
    return objects(marks, "<|START_ACTION|>", "<|END_ACTION|>").syntax();
  }

  /** {@code Action:\n```json\n[{"tool_name": "f", "parameters": {}}]\n```}. */
  static AnswerSyntax commandRPlus() {
    return objects(Marks.of(), "Action: ```json", "```").syntax();
  }

  /**
   * {@code {"name": "f", "parameters": {}}}, with nothing around it, or behind {@code
   * <|python_tag|>}.
   */
  static AnswerSyntax llama3() {
    String[] members = {
      "{ \"name\" :", "{ \"type\" :", "{ \"parameters\" :", "{ \"arguments\" :", "{ \"id\" :"
    };
    CallBody body = CallBodies.bareJsonCall();
    return Marks.of()
        .calls(Form.of("<|python_tag|>").before(members), Form.none(), body)
        .calls(Form.of("").before(members), Form.of(";", ",").before(members), body)
        .syntax();
  }

  /**
   * {@code [TOOL_CALLS]f[ARGS]{}}, with {@code [CALL_ID]} where calls have ids; older models write
   * a list of objects behind {@code [TOOL_CALLS]}.
   */
  static AnswerSyntax mistral() {
    Form named = Form.of("[TOOL_CALLS] {name}[CALL_ID]{id}[ARGS]", "[TOOL_CALLS] {name}[ARGS]");
    Marks marks =
        Marks.of()
            .reasoning("[THINK]", "[/THINK]")
            .calls(named, Form.none(), CallBodies.jsonArguments(Form.of("[TOOL_CALLS]")));
    return objects(marks, "[TOOL_CALLS]", "[/TOOL_CALLS]").closing("]").syntax();
  }

  /**
   * {@code <｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{}\n```<｜tool▁call▁end｜>}; from V3.1
   * on without type and fences.
   */
  static AnswerSyntax deepSeek() {
    String begin = "<｜tool▁call▁begin｜>";
    String typed = begin + " function<｜tool▁sep｜> {name} ```json";
    String plain = begin + " {name} <｜tool▁sep｜>";
    String all = "<｜tool▁calls▁begin｜> ";
    return thinking()
        .calls(
            Form.of(all + typed, all + plain, typed, plain),
            Form.none(),
            CallBodies.jsonArguments(Form.of("```", "<｜tool▁call▁end｜>")))
        .closing("``` <｜tool▁call▁end｜>", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>")
        .syntax();
  }

  /** {@code <|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{}<|tool_call_end|>}. */
  static AnswerSyntax kimi2() {
    String call = "<|tool_call_begin|> {id} <|tool_call_argument_begin|>";
    return thinking()
        .calls(
            Form.of("<|tool_calls_section_begin|> " + call, call),
            Form.none(),
            CallBodies.jsonArguments(Form.of("<|tool_call_end|>")),
            Naming.NUMBERED_ID)
        .closing("<|tool_call_end|>", "<|tool_calls_section_end|>")
        .usualCall(
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.",
            ":0<|tool_call_argument_begin|>",
            "{}<|tool_call_end|><|tool_calls_section_end|>")
        .syntax();
  }

  /** {@code <|tools_prefix|>[{"f": {}}]<|tools_suffix|>}. */
  static AnswerSyntax apertus() {
    String call = "{ \"{name}\" :";
    return Marks.of()
        .reasoning("<|inner_prefix|>", "<|inner_suffix|>")
        .calls(
            Form.of("<|tools_prefix|> [ " + call),
            Form.of("} , " + call),
            CallBodies.jsonArguments(Form.of("}")))
        .closing("} ] <|tools_suffix|>", "} ]", "}")
        .syntax();
  }

  /** {@code <function=f>{}</function>}. */
  static AnswerSyntax functionary31() {
    return Marks.of()
        .calls(
            Form.of("<function={name}>"),
            Form.none(),
            CallBodies.jsonArguments(Form.of("</function>")))
        .closing("</function>")
        .syntax();
  }

  /** Tools behind a server's name, as MCP has them; or as Hermes writes calls. */
  static AnswerSyntax miroThinker() {
    Marks marks =
        thinking()
            .calls(
                Form.of(
                    "<use_mcp_tool> <server_name>{_}</server_name>"
                        + " <tool_name> {name} </tool_name> <arguments>"),
                Form.none(),
                CallBodies.jsonArguments(Form.of("</arguments>")))
            .closing("</arguments> </use_mcp_tool>", "</arguments>", "</use_mcp_tool>");
    return objects(marks, "<tool_call>", "</tool_call>").syntax();
  }
}
