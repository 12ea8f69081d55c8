package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.Form.Matching.Result;
import java.util.Optional;

/**
 * A text up to what closes the call, as a tool's only argument. It goes out as it comes. What was
 * not closed when the answer ends is a whole call: the model has said its end.
 */
final class TextArgumentReader implements CallReader {
  private final Head head;
  private final Form.Matching closing;
  private final StringBuilder arguments = new StringBuilder();

  /**
   * @param parameter that the text is the value of
   * @param closing what stands behind it, and is left there
   */
  TextArgumentReader(Head head, String parameter, Form closing) {
    this.head = head;
    this.closing = closing.matching();
    arguments.append('{');
    JsonStrings.appendQuoted(parameter, arguments);
    arguments.append(":\"");
  }

  @Override
  public Progress read(Input input) {
    while (!input.isEmpty()) {
      Result found = closing.at(input);
      if (found == Result.YES) {
        return complete();
      }
      if (found == Result.MAYBE) {
        return Progress.GOING;
      }
      JsonStrings.append(input.peek(), arguments);
      input.skip(1);
    }
    return input.ended() ? complete() : Progress.GOING;
  }

  private Progress complete() {
    arguments.append("\"}");
    return Progress.COMPLETE;
  }

  @Override
  public Optional<Head> head() {
    return Optional.of(head);
  }

  @Override
  public String takeArguments() {
    String taken = arguments.toString();
    arguments.setLength(0);
    return taken;
  }
}
