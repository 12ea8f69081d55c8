package io.solebox.engine.answer;

import io.solebox.engine.answer.call.CallBodies;
import io.solebox.engine.answer.call.Form;

/** Families that write calls as a programming language does. */
final class LiteralFamilies {
  private LiteralFamilies() {}

  /** {@code <|tool_call_start|>[f(a="x", b=1)]<|tool_call_end|>}: LFM2. */
  static AnswerSyntax lfm2() {
    String start = "<|tool_call_start|>";
    String end = "<|tool_call_end|>";
    return JsonFamilies.objects(
            JsonFamilies.thinking()
                .calls(
                    Form.of(start + " [ {name}(", start + " {name}("),
                    Form.of(", {name}("),
                    CallBodies.python()),
            start,
            end)
        .closing("] " + end, end)
        .usualCall(start + "[", "(", ")]" + end)
        .syntax();
  }

  /** {@code <|tool_call>call:f{a:<|"|>x<|"|>,b:1}<tool_call|>}: Gemma 4. */
  static AnswerSyntax gemma4() {
    return Marks.of()
        .reasoning("<|channel>thought\n", "<channel|>")
        .calls(Form.of("<|tool_call> call:{name}{"), Form.none(), CallBodies.bareKeys("<|\"|>"))
        .closing("<tool_call|>")
        .syntax();
  }

  /** The same with other tokens: FunctionGemma. */
  static AnswerSyntax functionGemma() {
    return Marks.of()
        .calls(
            Form.of("<start_function_call> call:{name}{"),
            Form.none(),
            CallBodies.bareKeys("<escape>"))
        .closing("<end_function_call>")
        .syntax();
  }
}
