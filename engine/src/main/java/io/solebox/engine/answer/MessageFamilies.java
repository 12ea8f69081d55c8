package io.solebox.engine.answer;

import io.solebox.engine.answer.MarkedSyntax.Naming;
import io.solebox.engine.answer.MarkedSyntax.Place;
import io.solebox.engine.answer.call.CallBodies;
import io.solebox.engine.answer.call.CallBody;
import io.solebox.engine.answer.call.Form;
import java.util.EnumSet;

/** Families whose answers are messages with headers. */
final class MessageFamilies {
  private MessageFamilies() {}

  /** OpenAI's harmony format ({@link Messages}). */
  static AnswerSyntax gptOss() {
    CallBody body = CallBodies.jsonArgumentsOrCode("python", Form.of("<|call|>", "<|end|>"));
    return new Messages("<|start|>assistant", "<|end|>", "<|call|>", "<|return|>")
        .call(
            body,
            "<|channel|>{_} to=functions.{name} {_}<|message|>",
            "<|channel|>{_} to=functions.{name} <|constrain|>{_}<|message|>",
            "to=functions.{name} <|channel|>{_}<|message|>",
            "to=functions.{name} <|channel|>{_}<|constrain|>{_}<|message|>",
            "<|channel|>{_} to={name} {_}<|message|>",
            "<|channel|>{_} to={name} <|constrain|>{_}<|message|>",
            "to={name} <|channel|>{_}<|message|>",
            "to={name} <|channel|>{_}<|constrain|>{_}<|message|>")
        .reasoning("<|channel|>analysis<|message|>")
        .text("<|channel|>final<|message|>", "<|channel|>commentary<|message|>")
        .marks()
        .thinking("<|channel|>analysis<|message|>", "<|end|>")
        .framed(
            "<|channel|>",
            "<|channel|>final<|message|>",
            "<|start|>assistant<|channel|>final<|message|>",
            "")
        .syntax();
  }

  /** Messages to oneself, to the user and to tools; calls with parameters between tags. */
  static AnswerSyntax muse() {
    CallBody body =
        CallBodies.parameters(
            Form.of("<atem:parameter name=\"{key}\">"),
            Form.of("</atem:parameter>").beforeOrEnd("<atem:parameter ", "</atem:invoke>"),
            Form.of("</atem:invoke>"));
    String invoke = "<atem:invoke name=\"{name}\">";
    return new Messages("<|start|>assistant", "<|eom|>")
        .reasoning("to=self<|message|>")
        .text("to=user<|message|>")
        .call(body, "to={_}<|message|> <atem:function_calls> " + invoke)
        .marks()
        .call(EnumSet.of(Place.BEHIND_CALL), Form.of(invoke), body, Naming.NAME)
        .closing("</atem:function_calls>")
        .thinking(" to=self<|message|>", "<|eom|>")
        .framed("to=", " to=user<|message|>", "<|start|>assistant to=user<|message|>", "")
        .syntax();
  }

  /**
   * Functionary 3.2: {@code all\n} and text, or {@code f\n{}}, each further one behind {@code >>>};
   * the prompt has written the first of these.
   */
  static AnswerSyntax functionary3() {
    CallBody body = CallBodies.jsonArguments(Form.of(">>>"));
    return Marks.of()
        .section(EnumSet.of(Place.START), Form.of("all\n", ">>>all\n"), Place.TEXT)
        .section(EnumSet.of(Place.TEXT, Place.BEHIND_CALL), Form.of(">>>all\n"), Place.TEXT)
        .call(EnumSet.of(Place.START), Form.of("{name}\n").before("{"), body, Naming.NAME)
        .calls(Form.of(">>>{name}\n").before("{"), Form.none(), body)
        .framed(">>>", "all\n", "all\n", "")
        .syntax();
  }

  /** Solar Open: thoughts, text and calls, each behind a token of its own. */
  static AnswerSyntax solar() {
    String call = "<|tool_call:begin|>{id}<|tool_call:name|>{name}<|tool_call:args|>";
    return Marks.of()
        .reasoning("<|think|>", "<|end|>")
        .section(EnumSet.of(Place.START), Form.of("<|begin|>assistant"), Place.START)
        .frame("<|content|>", Form.of("<|end|>").beforeOrEnd("<|begin|>assistant"))
        .calls(
            Form.of("<|tool_calls|> " + call),
            Form.of(call),
            CallBodies.jsonArguments(Form.of("<|tool_call:end|>")))
        .closing("<|tool_call:end|>", "<|calls|>")
        .framed("<|content|>", "<|content|>", "<|begin|>assistant<|content|>", "<|end|>")
        .syntax();
  }
}
