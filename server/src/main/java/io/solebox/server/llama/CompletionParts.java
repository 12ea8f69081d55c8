package io.solebox.server.llama;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import io.solebox.server.llama.CompletionReader.Ask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Answers of {@code /completion} and {@code /infill}, whole and in parts: an object for one prompt,
 * and an array for several. The parts of a stream name their prompt.
 */
final class CompletionParts implements AnswerFormat {
  private final JsonWriter json;
  private final List<PromptAnswer> answers;

  CompletionParts(JsonWriter json, Ask ask) {
    this.json = json;
    this.answers =
        IntStream.range(0, ask.requests().size())
            .mapToObj(index -> new PromptAnswer(ask, index))
            .toList();
  }

  /** Each answer tells its end by itself, and a receipt is of all. */
  @Override
  public boolean givesReceipts() {
    return false;
  }

  @Override
  public void begin(EventStream out) {}

  @Override
  public void write(int choice, AnswerEvent event, EventStream out) {
    answers.get(choice).part(event).ifPresent(part -> out.send(json.bytes(part)));
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {} // each answer has told its end

  @Override
  public void breakOff(Problem problem, EventStream out) {
    out.send(new LlamaProblems(json).write(problem, ""));
  }

  @Override
  public byte[] whole(List<WholeAnswer> choices, AnswerUsage usage) {
    List<Map<String, Object>> bodies = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      bodies.add(answers.get(i).whole(choices.get(i)));
    }
    return json.bytes(bodies.size() == 1 ? bodies.getFirst() : bodies);
  }
}
