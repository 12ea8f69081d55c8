package io.solebox.engine.chat.jinja;

import java.util.OptionalInt;

/**
 * A template that cannot be compiled, or a rendering that failed. Internal: callers of the engine
 * get a {@link io.solebox.engine.error.SoleboxException}. Has no stack trace, because the trace
 * would be that of the interpreter and not that of the template.
 */
public final class TemplateFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final boolean raised;

  private TemplateFailure(String message, int line, boolean raised) {
    super(message, null, false, false);
    this.line = line;
    this.raised = raised;
  }

  TemplateFailure(String message) {
    this(message, 0, false);
  }

  TemplateFailure(String message, int line) {
    this(message, line, false);
  }

  /** The template itself called {@code raise_exception}. */
  static TemplateFailure raised(String message) {
    return new TemplateFailure(message, 0, true);
  }

  /** The same failure with a line, unless it has one: the innermost line is the right one. */
  TemplateFailure at(int failedLine) {
    return line > 0 ? this : new TemplateFailure(getMessage(), failedLine, raised);
  }

  /** Counted from 1. */
  public OptionalInt line() {
    return line > 0 ? OptionalInt.of(line) : OptionalInt.empty();
  }

  /** Whether the template refused the conversation with {@code raise_exception}. */
  public boolean raised() {
    return raised;
  }
}
