package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.Part;
import java.util.function.Consumer;

/** Everything is text. */
final class PlainParser implements AnswerParser {
  @Override
  public void accept(String text, Consumer<Part> parts) {
    if (!text.isEmpty()) {
      parts.accept(new AnswerEvent.Text(text));
    }
  }

  @Override
  public void finish(boolean cut, Consumer<Part> parts) {}
}
