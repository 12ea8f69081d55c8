package io.solebox.engine.tokenizer;

/** Splits text into the words that merges never cross. Immutable; safe for many threads. */
@FunctionalInterface
interface PreTokenizer {
  /** Gets the words of a text in order. */
  @FunctionalInterface
  interface Words {
    /** A word from {@code from} to {@code to}; never empty. */
    void accept(byte[] utf8, int from, int to, boolean first);
  }

  /**
   * Hands the words of a stretch to {@code words}.
   *
   * @param utf8 well-formed
   * @param first whether the stretch is the beginning of a text
   */
  void split(byte[] utf8, int from, int to, boolean first, Words words);

  /** This one, and then the other on each of its words. */
  default PreTokenizer then(PreTokenizer next) {
    return (utf8, from, to, first, words) ->
        split(
            utf8,
            from,
            to,
            first,
            (word, start, end, firstWord) -> next.split(word, start, end, firstWord, words));
  }
}
