package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An answer put together from its events. Owned by one thread. */
public final class WholeAnswer {
  /**
   * A call of a tool.
   *
   * @param id the model's own, where its format has one
   * @param arguments a JSON object as the model wrote it, unless the answer was cut off inside it
   */
  public record ToolCall(Optional<String> id, String name, String arguments) {}

  private record OpenCall(Optional<String> id, String name, StringBuilder arguments) {
    ToolCall whole() {
      return new ToolCall(id, name, arguments.toString());
    }
  }

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Integer, OpenCall> calls = new TreeMap<>();
  private final List<Token> tokens = new ArrayList<>();
  private Optional<End> end = Optional.empty();

  public void add(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Progress _ -> {}
      case AnswerEvent.Text(String more) -> text.append(more);
      case AnswerEvent.Reasoning(String more) -> reasoning.append(more);
      case AnswerEvent.ToolCallStart(int index, Optional<String> id, String name) ->
          calls.put(index, new OpenCall(id, name, new StringBuilder()));
      case AnswerEvent.ToolCallArguments(int index, String fragment) ->
          calls.get(index).arguments().append(fragment);
      case AnswerEvent.ToolCallBroken(int index) -> calls.remove(index);
      case Token token -> tokens.add(token);
      case End last -> end = Optional.of(last);
    }
  }

  /** The answer proper. */
  public String text() {
    return text.toString();
  }

  /** What the model thought before. */
  public String reasoning() {
    return reasoning.toString();
  }

  public List<ToolCall> toolCalls() {
    return calls.values().stream().map(OpenCall::whole).toList();
  }

  public List<Token> tokens() {
    return List.copyOf(tokens);
  }

  /** How it ended; known when the last event was added. */
  public End end() {
    return end.orElseThrow(() -> new IllegalStateException("the answer is not complete"));
  }
}
