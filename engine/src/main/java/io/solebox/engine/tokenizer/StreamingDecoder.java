package io.solebox.engine.tokenizer;

/** Turns ids into text one at a time. Owned by one thread. */
public interface StreamingDecoder {
  /** The text that became complete with this id; empty while a character is unfinished. */
  String accept(int id);

  /** What is left at the end; an unfinished character becomes U+FFFD. */
  String finish();
}
