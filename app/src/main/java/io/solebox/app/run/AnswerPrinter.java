package io.solebox.app.run;

import io.solebox.app.console.AnswerSink;
import io.solebox.engine.answer.AnswerEvent;

/**
 * Writes an answer for a person: what the model thinks faint and in its place, or not at all; calls
 * of tools as {@code name(arguments)}, each in a line of its own.
 */
final class AnswerPrinter {
  private enum Section {
    NONE,
    REASONING,
    TEXT,
    CALL
  }

  private final AnswerSink out;
  private final boolean showsReasoning;
  private Section section = Section.NONE;
  private boolean atLineStart = true;
  private int hiddenReasoning;

  AnswerPrinter(AnswerSink out, boolean showsReasoning) {
    this.out = out;
    this.showsReasoning = showsReasoning;
  }

  void write(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Progress _ -> {}
      case AnswerEvent.Text(String text) -> {
        enter(Section.TEXT);
        print(text);
      }
      case AnswerEvent.Reasoning(String text) when showsReasoning -> {
        enter(Section.REASONING);
        out.printFaint(text);
        atLineStart = text.endsWith("\n");
      }
      case AnswerEvent.Reasoning(String text) -> hiddenReasoning += text.length();
      case AnswerEvent.ToolCallStart start -> {
        enter(Section.CALL);
        print(start.name() + "(");
      }
      case AnswerEvent.ToolCallArguments arguments -> print(arguments.fragment());
      case AnswerEvent.ToolCallBroken _ -> print(" ...");
      case AnswerEvent.Token _ -> {}
      case AnswerEvent.End _ -> endSection();
    }
  }

  /**
   * Another section, or another call, begins in a line of its own; behind reasoning one is free.
   */
  private void enter(Section next) {
    if (next == section && next != Section.CALL) {
      return;
    }
    boolean free = section == Section.REASONING;
    endSection();
    if (!atLineStart) {
      print("\n");
    }
    if (free) {
      print("\n");
    }
    section = next;
  }

  private void endSection() {
    if (section == Section.CALL) {
      print(")");
    }
    section = Section.NONE;
  }

  private void print(String text) {
    out.print(text);
    atLineStart = text.endsWith("\n");
  }

  /** Whether what was written ends with a line end; so does nothing. */
  boolean atLineStart() {
    return atLineStart;
  }

  /** Characters of reasoning that were not shown. */
  int hiddenReasoning() {
    return hiddenReasoning;
  }
}
