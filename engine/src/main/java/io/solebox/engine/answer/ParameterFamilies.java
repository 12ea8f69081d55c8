package io.solebox.engine.answer;

import static io.solebox.engine.answer.JsonFamilies.thinking;

import io.solebox.engine.answer.MarkedSyntax.Place;
import io.solebox.engine.answer.call.ArgumentWriting.Around;
import io.solebox.engine.answer.call.CallBodies;
import io.solebox.engine.answer.call.CallBody;
import io.solebox.engine.answer.call.Form;
import java.util.EnumSet;

/** Families that write arguments one by one, between markers. */
final class ParameterFamilies {
  private ParameterFamilies() {}

  /** Parameters that end alike. */
  private static CallBody parameters(String opening, String ending, String next, String closing) {
    return CallBodies.parameters(
        Form.of(opening), Form.of(ending).beforeOrEnd(next, closing), Form.of(closing));
  }

  /**
   * {@code <tool_call><function=f><parameter=k>\nv\n</parameter></function></tool_call>}:
   * Qwen3-Coder, Qwen3.5, Nemotron 3, Step 3.5. The line breaks around a value are not its own.
   */
  static AnswerSyntax qwenCoder() {
    CallBody body =
        CallBodies.parameters(
            Form.of("<parameter={key}>\n", "<parameter={key}>"),
            Form.of("\n</parameter>", "</parameter>").beforeOrEnd("<parameter=", "</function>"),
            Form.of("</function>"));
    return thinking()
        .calls(Form.of("<tool_call> <function={name}>", "<function={name}>"), Form.none(), body)
        .closing("</tool_call>")
        .syntax();
  }

  /** As Qwen3-Coder, without the line breaks. */
  static AnswerSyntax seedOss() {
    String function = "<function={name}>";
    return Marks.of()
        .reasoning("<seed:think>", "</seed:think>")
        .calls(
            Form.of("<seed:tool_call> " + function),
            Form.of(function),
            parameters("<parameter={key}>", "</parameter>", "<parameter=", "</function>"))
        .closing("</seed:tool_call>")
        .syntax();
  }

  /**
   * {@code <tool_call>f<arg_key>k</arg_key><arg_value>v</arg_value></tool_call>}: GLM, Ling 3,
   * Laguna.
   */
  static AnswerSyntax glm() {
    return thinking()
        .calls(
            Form.of("<tool_call> {name}").before("<arg_key>", "</tool_call>"),
            Form.none(),
            parameters(
                "<arg_key>{key}</arg_key> <arg_value>",
                "</arg_value>",
                "<arg_key>",
                "</tool_call>"))
        .syntax();
  }

  /** As GLM, with Tencent's mark in each tag and a tag behind the name. */
  static AnswerSyntax hy3() {
    String mark = ":opensource>";
    String call = "<tool_call" + mark + " {name} <tool_sep" + mark;
    return Marks.of()
        .reasoning("<think" + mark, "</think" + mark)
        .calls(
            Form.of("<tool_calls" + mark + " " + call, call),
            Form.none(),
            parameters(
                "<arg_key" + mark + "{key}</arg_key" + mark + " <arg_value" + mark,
                "</arg_value" + mark,
                "<arg_key" + mark,
                "</tool_call" + mark))
        .closing("</tool_calls" + mark)
        .syntax();
  }

  /** {@code <function name="f"><param name="k">v</param></function>}; v may be in CDATA. */
  static AnswerSyntax miniCpm5() {
    String closing = "</function>";
    Around plain = new Around("<param name=\"{key}\">", "</param>");
    Around data = new Around(plain.opening() + "<![CDATA[", "]]>" + plain.ending());
    CallBody body =
        CallBodies.parameters(
            Form.of(data.opening(), plain.opening()),
            Form.of(data.ending(), plain.ending()).beforeOrEnd("<param ", closing),
            Form.of(closing),
            plain,
            data);
    return thinking().calls(Form.of("<function name=\"{name}\">"), Form.none(), body).syntax();
  }

  /** {@code <minimax:tool_call><invoke name="f"><parameter name="k">v</parameter></invoke>}. */
  static AnswerSyntax miniMax2() {
    String invoke = "<invoke name=\"{name}\">";
    return thinking()
        .calls(
            Form.of("<minimax:tool_call> " + invoke),
            Form.of(invoke),
            parameters("<parameter name=\"{key}\">", "</parameter>", "<parameter ", "</invoke>"))
        .closing("</minimax:tool_call>")
        .syntax();
  }

  /** As MiniMax M2 with a mark in front of each tag, and arguments in tags of their own names. */
  static AnswerSyntax miniMax3() {
    String mark = "]<]minimax[>[";
    String invoke = mark + "<invoke name=\"{name}\">";
    return Marks.of()
        .reasoning("<mm:think>", "</mm:think>")
        .calls(
            Form.of(mark + "<tool_call> " + invoke),
            Form.of(invoke),
            CallBodies.nestedTags(mark, "invoke"))
        .closing(mark + "</tool_call>")
        .syntax();
  }

  /** As MiniMax M2 with DeepSeek's mark in each tag; a parameter says whether it is a string. */
  static AnswerSyntax dsml() {
    String mark = "｜DSML｜";
    String invoke = "<" + mark + "invoke name=\"{name}\">";
    CallBody body =
        CallBodies.parameters(
            Form.of(
                "<" + mark + "parameter name=\"{key}\" string=\"{string}\">",
                "<" + mark + "parameter name=\"{key}\">"),
            Form.of("</" + mark + "parameter>")
                .beforeOrEnd("<" + mark + "parameter ", "</" + mark + "invoke>"),
            Form.of("</" + mark + "invoke>"));
    return thinking()
        .calls(
            Form.of("<" + mark + "function_calls> " + invoke, "<" + mark + "tool_calls> " + invoke),
            Form.of(invoke),
            body)
        .closing("</" + mark + "function_calls>", "</" + mark + "tool_calls>")
        .syntax();
  }

  /** Kimi K3: elements between tokens; an argument says its type. */
  static AnswerSyntax kimi3() {
    String call = "<|open|>call tool=\"{name}\" index=\"{_}\"<|sep|>";
    String message = "<|close|>message<|sep|>";
    return Marks.of()
        .reasoning("<|open|>think<|sep|>", "<|close|>think<|sep|>")
        .frame(
            "<|open|>response<|sep|>",
            Form.of("<|close|>response<|sep|>").beforeOrEnd(message, "<|open|>tools<|sep|>"))
        .section(EnumSet.of(Place.START), Form.of(message), Place.START)
        .calls(
            Form.of("<|open|>tools<|sep|> " + call),
            Form.of(call),
            parameters(
                "<|open|>argument key=\"{key}\" type=\"{type}\"<|sep|>",
                "<|close|>argument<|sep|>",
                "<|open|>argument ",
                "<|close|>call<|sep|>"))
        .closing("<|close|>tools<|sep|>", message)
        .framed(
            "response",
            "<|open|>response<|sep|>",
            "<|open|>response<|sep|>",
            "<|close|>response<|sep|>" + message)
        .syntax();
  }
}
