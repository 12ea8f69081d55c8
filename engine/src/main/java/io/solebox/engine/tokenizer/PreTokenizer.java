package io.solebox.engine.tokenizer;

/** Splits text into the words that merges never cross. Immutable; safe for many threads. */
@FunctionalInterface
interface PreTokenizer {
  /** Gets the words of a text in order. */
  @FunctionalInterface
  interface Words {
    /** A word from {@code from} to {@code to}; never empty. */
    void accept(byte[] utf8, int from, int to);
  }

  /** Hands the words of a stretch, of well-formed UTF-8, to {@code words}. */
  void split(byte[] utf8, int from, int to, Words words);
}
