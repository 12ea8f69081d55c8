package io.solebox.engine.answer.call;

/** The text of an answer that has come and is not taken yet. Owned by one thread. */
public final class Input {
  private final StringBuilder text = new StringBuilder();
  private int at;
  private boolean ended;

  /** Adds text at the end. */
  public void append(String more) {
    text.delete(0, at);
    at = 0;
    text.append(more);
  }

  /** No more text comes. */
  public void end() {
    ended = true;
  }

  /** Whether no more text comes behind what is here. */
  public boolean ended() {
    return ended;
  }

  public boolean isEmpty() {
    return at == text.length();
  }

  /** The next character; there must be one. */
  public char peek() {
    return text.charAt(at);
  }

  /** Takes the next characters. */
  public void skip(int count) {
    at += count;
  }

  /** Takes white space. */
  public void skipSpaces() {
    while (!isEmpty() && Character.isWhitespace(peek())) {
      at++;
    }
  }

  /** Where the next character is; valid until text is added. */
  public int position() {
    return at;
  }

  /** What was taken from a position on. */
  public String since(int position) {
    return text.substring(position, at);
  }

  /** How much is not taken. */
  public int available() {
    return text.length() - at;
  }

  /** As many of the next characters; they must be there. */
  String next(int count) {
    return text.substring(at, at + count);
  }

  CharSequence characters() {
    return text;
  }
}
