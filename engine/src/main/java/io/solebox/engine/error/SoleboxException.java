package io.solebox.engine.error;

/**
 * An error that a person can act on: what went wrong ({@link #code()}), where ({@link #place()}),
 * and what to do about it ({@link #remedy()}). Everything that user input can cause is reported
 * through this type; any other exception is a bug of ours.
 */
public final class SoleboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String place;
  private final String remedy;

  /**
   * @param place file, offset and key; parameter; template line; or the like. Empty when the
   *     message says it all
   * @param remedy what the person at the keyboard can do; never empty
   */
  public SoleboxException(ErrorCode code, String place, String message, String remedy) {
    super(message);
    assert !remedy.isBlank() : "no remedy for: " + message;
    this.code = code;
    this.place = place;
    this.remedy = remedy;
  }

  public SoleboxException(
      ErrorCode code, String place, String message, String remedy, Throwable cause) {
    this(code, place, message, remedy);
    initCause(cause);
  }

  public ErrorCode code() {
    return code;
  }

  public String place() {
    return place;
  }

  public String remedy() {
    return remedy;
  }

  /** What went wrong and what to do about it, as sentences. */
  public String explanation() {
    String message = getMessage();
    boolean ended = message.isEmpty() || ".!?".indexOf(message.charAt(message.length() - 1)) >= 0;
    return message + (ended ? "" : ".") + " " + remedy;
  }

  /**
   * One line for a terminal or a log: {@code place: message. remedy [code]}. What came from a file
   * or a person cannot command the terminal.
   */
  public String describe() {
    String where = place.isEmpty() ? "" : place + ": ";
    return Printable.line(where + explanation() + " [" + code.wireName() + "]");
  }
}
