package io.solebox.server.tools;

/** A call cannot be done as it was asked for; the message is for the model, and for people. */
public final class ToolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ToolException(String message) {
    super(message, null, false, false);
  }
}
