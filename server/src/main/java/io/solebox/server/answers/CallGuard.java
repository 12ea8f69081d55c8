package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.ToolCallBroken;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import java.util.Optional;

/**
 * Holds one answer to the rules of its calls. An answer that breaks them is an error, and never
 * passed on as something else. Owned by one thread.
 */
final class CallGuard {
  private static final int MAX_SHOWN = 500;

  private final CallRules rules;

  /** Ends the answer where one call is enough. */
  private final Runnable enough;

  private final StringBuilder text = new StringBuilder();
  private int calls;
  private boolean full;

  CallGuard(CallRules rules, Runnable enough) {
    this.rules = rules;
    this.enough = enough;
  }

  /**
   * What is passed on of an event.
   *
   * @throws Problem {@code tool_call_invalid}
   */
  Optional<AnswerEvent> pass(AnswerEvent event) {
    if (full) {
      return event instanceof End end
          ? Optional.of(new End(Reason.TOOL_CALLS, end.usage()))
          : Optional.empty();
    }
    switch (event) {
      case ToolCallStart start -> {
        if (rules.single() && calls == 1) {
          full = true;
          enough.run();
          return Optional.empty();
        }
        begin(start.name());
      }
      case ToolCallBroken _ -> calls--;
      case Text(String more) -> remember(more);
      case End end -> requireCall(end.reason());
      case AnswerEvent.Progress _, AnswerEvent.Part _, AnswerEvent.Token _ -> {}
    }
    return Optional.of(event);
  }

  private void begin(String name) {
    if (!rules.names().isEmpty() && !rules.names().contains(name)) {
      throw invalid(
          "The model calls '%s', which this request does not allow."
              .formatted(Texts.abbreviated(name)));
    }
    calls++;
  }

  private void remember(String more) {
    if (rules.required() && text.length() <= MAX_SHOWN) {
      text.append(more);
    }
  }

  /** An answer that was cut off may have been on its way to a call, and says that it was cut. */
  private void requireCall(Reason reason) {
    if (rules.required() && calls == 0 && reason == Reason.STOP) {
      throw invalid(
          "The model was to call a tool, and did not. It said: "
              + Texts.abbreviated(text.toString(), MAX_SHOWN));
    }
  }

  /** A call of the model is not one that the request can be answered with. */
  private static Problem invalid(String message) {
    return Problem.of(500, "tool_call_invalid", message);
  }
}
