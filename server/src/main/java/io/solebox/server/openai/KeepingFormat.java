package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerUsage;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes as another format does, and keeps the whole answer before its client hears the end. */
final class KeepingFormat implements AnswerFormat {
  private final AnswerFormat format;
  private final Consumer<byte[]> keeper;
  private final List<WholeAnswer> choices = new ArrayList<>();

  /**
   * @param keeper takes the body of the whole answer, also of one that was streamed
   */
  KeepingFormat(AnswerFormat format, int count, Consumer<byte[]> keeper) {
    this.format = format;
    this.keeper = keeper;
    for (int i = 0; i < count; i++) {
      choices.add(new WholeAnswer());
    }
  }

  @Override
  public EventStream.Framing framing() {
    return format.framing();
  }

  @Override
  public void begin(EventStream out) {
    format.begin(out);
  }

  @Override
  public void write(int choice, AnswerEvent event, EventStream out) {
    choices.get(choice).add(event);
    format.write(choice, event, out);
  }

  @Override
  public void end(AnswerUsage usage, EventStream out) {
    keeper.accept(format.whole(choices, usage));
    format.end(usage, out);
  }

  @Override
  public void breakOff(Problem problem, EventStream out) {
    format.breakOff(problem, out);
  }

  @Override
  public byte[] whole(List<WholeAnswer> complete, AnswerUsage usage) {
    byte[] body = format.whole(complete, usage);
    keeper.accept(body);
    return body;
  }
}
