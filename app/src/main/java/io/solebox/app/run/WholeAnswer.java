package io.solebox.app.run;

import io.solebox.engine.answer.AnswerEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An answer put together from its events. */
final class WholeAnswer {
  private record Call(String name, StringBuilder arguments) {}

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Integer, Call> calls = new TreeMap<>();

  void add(AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Text(String more) -> text.append(more);
      case AnswerEvent.Reasoning(String more) -> reasoning.append(more);
      case AnswerEvent.ToolCallStart start ->
          calls.put(start.index(), new Call(start.name(), new StringBuilder()));
      case AnswerEvent.ToolCallArguments(int index, String fragment) ->
          calls.get(index).arguments().append(fragment);
      case AnswerEvent.ToolCallBroken(int index) -> calls.remove(index);
      case AnswerEvent.Token _, AnswerEvent.End _ -> {}
    }
  }

  String text() {
    return text.toString();
  }

  String reasoning() {
    return reasoning.toString();
  }

  /** Each with {@code name} and {@code arguments}, a JSON object as the model wrote it. */
  List<Map<String, Object>> toolCalls() {
    return calls.values().stream()
        .map(
            call -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("name", call.name());
              fields.put("arguments", call.arguments().toString());
              return fields;
            })
        .toList();
  }
}
