package io.solebox.engine.regex;

/** A pattern that is no pattern, or one that cannot be matched in one pass over the text. */
public final class RegexException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RegexException(String message) {
    super(message);
  }
}
