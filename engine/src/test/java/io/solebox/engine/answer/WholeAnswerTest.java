package io.solebox.engine.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Reasoning;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallBroken;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.WholeAnswer.ToolCall;
import io.solebox.engine.generation.Generation.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WholeAnswerTest {
  private static WholeAnswer of(AnswerEvent... events) {
    WholeAnswer whole = new WholeAnswer();
    List.of(events).forEach(whole::add);
    return whole;
  }

  @Test
  void hasAllParts() {
    Token token = new Token(7, 0, Optional.empty());
    End end = new End(Reason.TOOL_CALLS, new Usage(1, 0, 1, 0, 0, 0));
    WholeAnswer whole =
        of(
            token,
            new Reasoning("let me "),
            new Reasoning("see"),
            new Text("It "),
            new Text("is."),
            new ToolCallStart(0, Optional.of("one"), "f"),
            new ToolCallArguments(0, "{\"a\":"),
            new ToolCallArguments(0, " 1}"),
            new ToolCallStart(1, Optional.empty(), "g"),
            new ToolCallArguments(1, "{}"),
            end);
    assertEquals("let me see", whole.reasoning());
    assertEquals("It is.", whole.text());
    assertEquals(
        List.of(
            new ToolCall(Optional.of("one"), "f", "{\"a\": 1}"),
            new ToolCall(Optional.empty(), "g", "{}")),
        whole.toolCalls());
    assertEquals(List.of(token), whole.tokens());
    assertEquals(end, whole.end());
  }

  @Test
  void aBrokenCallIsForgotten() {
    WholeAnswer whole =
        of(
            new ToolCallStart(0, Optional.empty(), "f"),
            new ToolCallArguments(0, "{"),
            new ToolCallBroken(0),
            new Text("<tool_call>"));
    assertEquals(List.of(), whole.toolCalls());
    assertEquals("<tool_call>", whole.text());
    assertThrows(IllegalStateException.class, whole::end);
  }
}
