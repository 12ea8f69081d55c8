package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.Part;
import java.util.ArrayList;
import java.util.List;

/** What a writer of whole answers keeps of the parts that a parser gives. */
final class ParsedAnswer {
  /** A call, put together. */
  record Call(String id, String name, String arguments) {}

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();

  /** Indices of {@link #calls}; a broken call leaves a gap. */
  private final List<Integer> indices = new ArrayList<>();

  private boolean broken;

  static ParsedAnswer of(AnswerParser parser, boolean cut, List<String> pieces) {
    ParsedAnswer answer = new ParsedAnswer();
    pieces.forEach(piece -> parser.accept(piece, answer::add));
    parser.finish(cut, answer::add);
    return answer;
  }

  void add(Part part) {
    switch (part) {
      case AnswerEvent.Text(String more) -> text.append(nonEmpty(more));
      case AnswerEvent.Reasoning(String more) -> reasoning.append(nonEmpty(more));
      case AnswerEvent.ToolCallStart start -> {
        if (start.index() <= (indices.isEmpty() ? -1 : indices.getLast())) {
          throw new AssertionError("indices go up");
        }
        indices.add(start.index());
        calls.add(new Call(start.id().orElse(""), start.name(), ""));
      }
      case AnswerEvent.ToolCallArguments(int index, String fragment) -> {
        if (index != indices.getLast()) {
          throw new AssertionError("arguments belong to the last call");
        }
        Call call = calls.removeLast();
        calls.add(new Call(call.id(), call.name(), call.arguments() + nonEmpty(fragment)));
      }
      case AnswerEvent.ToolCallBroken(int index) -> {
        if (index != indices.getLast()) {
          throw new AssertionError("only the last call breaks");
        }
        calls.removeLast();
        broken = true;
      }
    }
  }

  private static String nonEmpty(String more) {
    if (more.isEmpty()) {
      throw new AssertionError("an event without content");
    }
    return more;
  }

  String text() {
    return text.toString();
  }

  String reasoning() {
    return reasoning.toString();
  }

  List<Call> calls() {
    return calls;
  }

  boolean broken() {
    return broken;
  }

  @Override
  public String toString() {
    return "text " + text + " | reasoning " + reasoning + " | calls " + calls;
  }
}
