package io.solebox.engine.answer.call;

import java.util.Optional;

/**
 * Arguments as one JSON object, or the code itself, as the model has learned to call an interpreter
 * that was built in where it was trained.
 */
final class CodeCallReader implements CallReader {
  private static final String USUAL_PARAMETER = "code";

  private final String interpreter;
  private final Head head;
  private final Tools tools;
  private final Form closing;
  private Optional<CallReader> chosen = Optional.empty();

  /**
   * @param interpreter the name of the tool that takes code
   * @param closing what stands behind it
   */
  CodeCallReader(String interpreter, Head head, Tools tools, Form closing) {
    this.interpreter = interpreter;
    this.head = head;
    this.tools = tools;
    this.closing = closing;
  }

  @Override
  public Progress read(Input input) {
    if (chosen.isEmpty()) {
      input.skipSpaces();
      if (input.isEmpty() && !input.ended()) {
        return Progress.GOING;
      }
      boolean isCode = !input.isEmpty() && input.peek() != '{' && isOffered();
      chosen =
          Optional.of(
              isCode
                  ? new TextArgumentReader(head, parameter(), closing)
                  : new JsonArgumentsReader(head, closing));
    }
    return chosen.get().read(input);
  }

  private boolean isOffered() {
    return head.name().equals(interpreter)
        && (tools.parameters().isEmpty() || tools.parameters().containsKey(interpreter));
  }

  /** The first that takes a text. */
  private String parameter() {
    Schema parameters = tools.parametersOf(interpreter);
    return parameters.names().stream()
        .filter(name -> parameters.property(name).isText())
        .findFirst()
        .orElse(USUAL_PARAMETER);
  }

  @Override
  public Optional<Head> head() {
    return chosen.flatMap(CallReader::head);
  }

  @Override
  public String takeArguments() {
    return chosen.map(CallReader::takeArguments).orElse("");
  }
}
