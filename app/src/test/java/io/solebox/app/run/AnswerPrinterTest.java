package io.solebox.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.console.AnswerSink;
import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Reasoning;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallBroken;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.generation.Generation.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Answers as people see them. */
class AnswerPrinterTest {
  private static final AnswerEvent END = new End(Reason.STOP, new Usage(1, 0, 1, 1, 1, 1));
  private static final List<AnswerEvent> ANSWER =
      List.of(
          new Reasoning("let me "),
          new Reasoning("see"),
          new Text("It "),
          new Text("is."),
          new ToolCallStart(0, Optional.empty(), "f"),
          new ToolCallArguments(0, "{\"a\":"),
          new ToolCallArguments(0, " 1}"),
          new ToolCallStart(1, Optional.of("x"), "g"),
          new ToolCallArguments(1, "{}"),
          END);

  private final StringBuilder out = new StringBuilder();
  private final AnswerSink sink =
      new AnswerSink() {
        @Override
        public void print(String text) {
          out.append(text);
        }

        @Override
        public void printFaint(String text) {
          out.append('[').append(text).append(']');
        }
      };

  private AnswerPrinter print(boolean showsReasoning, List<AnswerEvent> events) {
    AnswerPrinter printer = new AnswerPrinter(sink, showsReasoning);
    events.forEach(printer::write);
    return printer;
  }

  @Test
  void reasoningHasItsPlace() {
    AnswerPrinter printer = print(true, ANSWER);
    assertEquals("[let me ][see]\n\nIt is.\nf({\"a\": 1})\ng({})", out.toString());
    assertEquals(0, printer.hiddenReasoning());
  }

  @Test
  void orIsLeftOut() {
    AnswerPrinter printer = print(false, ANSWER);
    assertEquals("It is.\nf({\"a\": 1})\ng({})", out.toString());
    assertEquals("let me see".length(), printer.hiddenReasoning());
  }

  @Test
  void textAloneIsAsItIs() {
    AnswerPrinter printer = print(true, List.of(new Text("\na"), new Text("b\n"), END));
    assertEquals("\nab\n", out.toString());
    assertTrue(printer.atLineStart());
  }

  @Test
  void aBrokenCallIsFollowedByItsText() {
    List<AnswerEvent> events =
        List.of(
            new ToolCallStart(0, Optional.empty(), "f"),
            new ToolCallArguments(0, "{"),
            new ToolCallBroken(0),
            new Text("<tool_call>"),
            END);
    print(true, events);
    assertEquals("f({ ...)\n<tool_call>", out.toString());
  }
}
