package io.solebox.engine.json;

/**
 * A text is not the JSON that was asked for. The message says what is wrong and where, in words for
 * whoever wrote the text.
 */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final int line;
  private final int column;
  private final String path;

  JsonException(String what, int line, int column, String path) {
    super(message(what, line, column, path), null, false, false);
    this.what = what;
    this.line = line;
    this.column = column;
    this.path = path;
  }

  private static String message(String what, int line, int column, String path) {
    String in = path.isEmpty() ? "" : ", in " + path;
    return "%s (line %d, column %d%s)".formatted(what, line, column, in);
  }

  /** What is wrong, without the place and without a full stop. */
  public String what() {
    return what;
  }

  /** From 1. */
  public int line() {
    return line;
  }

  /** From 1, in characters (code points). */
  public int column() {
    return column;
  }

  /** The value in question, as in {@code messages[3].content}; empty for the whole text. */
  public String path() {
    return path;
  }
}
