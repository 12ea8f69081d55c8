package io.solebox.engine.answer.call;

import java.util.Optional;

/**
 * Arguments as one JSON object, whose call was named before. They go out as they come; control
 * characters that a model forgot to escape in a string are escaped. Where nothing but the call's
 * closing is written there are no arguments.
 */
final class JsonArgumentsReader implements CallReader {
  private final Head head;
  private final Form.Matching closing;
  private final JsonScanner json = new JsonScanner();
  private final StringBuilder arguments = new StringBuilder();
  private boolean began;

  /**
   * @param closing what stands behind the arguments
   */
  JsonArgumentsReader(Head head, Form closing) {
    this.head = head;
    this.closing = closing.matching();
  }

  @Override
  public Progress read(Input input) {
    if (!began) {
      Progress progress = begin(input);
      if (!began || progress == Progress.COMPLETE) {
        return progress;
      }
    }
    while (!input.isEmpty()) {
      char c = input.peek();
      boolean escaped = json.inString() && c < ' ';
      JsonScanner.State state = json.accept(c);
      if (state == JsonScanner.State.INVALID) {
        return Progress.MALFORMED;
      }
      arguments.append(escaped ? JsonStrings.escape(c) : String.valueOf(c));
      input.skip(1);
      if (state == JsonScanner.State.COMPLETE) {
        return Progress.COMPLETE;
      }
    }
    return Progress.GOING;
  }

  private Progress begin(Input input) {
    input.skipSpaces();
    if (input.isEmpty()) {
      return input.ended() ? none() : Progress.GOING;
    }
    if (input.peek() == '{') {
      began = true;
      return Progress.GOING;
    }
    return switch (closing.at(input)) {
      case YES -> none();
      case MAYBE -> Progress.GOING;
      case NO -> Progress.MALFORMED;
    };
  }

  private Progress none() {
    arguments.append("{}");
    began = true;
    return Progress.COMPLETE;
  }

  @Override
  public Optional<Head> head() {
    return began ? Optional.of(head) : Optional.empty();
  }

  @Override
  public String takeArguments() {
    String taken = arguments.toString();
    arguments.setLength(0);
    return taken;
  }
}
