package io.solebox.engine.tokenizer;

/** How plain text becomes tokens, and tokens bytes. Immutable; safe for many threads. */
interface TextModel {
  /**
   * Appends the tokens of a stretch of text without special tokens.
   *
   * @param utf8 holds the stretch from {@code from} to {@code to}; may be invalid UTF-8
   */
  void encode(byte[] utf8, int from, int to, Place place, IntList out);

  /**
   * Where a stretch stands.
   *
   * @param afterSpecial at the start, or behind a special token
   * @param atStart at the start
   * @param parsed whether special tokens are parsed in all of it
   */
  record Place(boolean afterSpecial, boolean atStart, boolean parsed) {
    static final Place START = new Place(true, true, false);
  }

  /** What a token says; what it looks like, of a special one. */
  byte[] bytes(int id);

  /** Whether the last token of a text ends with a space that is not the text's. */
  default boolean addsSpaceSuffix() {
    return false;
  }

  /** Whether text at the start got a space in front, to be taken away when decoding. */
  boolean addsSpacePrefix();
}
