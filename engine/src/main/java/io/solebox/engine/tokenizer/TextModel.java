package io.solebox.engine.tokenizer;

/** How plain text becomes tokens, and tokens bytes. Immutable; safe for many threads. */
interface TextModel {
  /**
   * Appends the tokens of a stretch of text without special tokens.
   *
   * @param utf8 holds the stretch from {@code from} to {@code to}; may be invalid UTF-8
   * @param afterSpecial whether it stands at the start or behind a special token
   */
  void encode(byte[] utf8, int from, int to, boolean afterSpecial, IntList out);

  /** What a token of kind {@link TokenKind#NORMAL} or {@link TokenKind#BYTE} says. */
  byte[] bytes(int id);

  /** Whether text at the start got a space in front, to be taken away when decoding. */
  boolean addsSpacePrefix();
}
