package io.solebox.engine.tokenizer;

import io.solebox.engine.regex.Regex;

/**
 * A pre-tokenizer that cuts at what a pattern matches (huggingface/tokenizers:
 * tokenizer/normalizer.rs, SplitDelimiterBehavior).
 *
 * @param inverted whether what lies between matches counts as matched, and the matches not
 */
record Splits(Regex pattern, Behavior behavior, boolean inverted) implements PreTokenizer {
  /** What becomes of matches. */
  enum Behavior {
    /** They are left out. */
    REMOVED,
    /** Each is a word. */
    ISOLATED,
    /** Each ends the word before it. */
    MERGED_WITH_PREVIOUS,
    /** Each begins the word behind it. */
    MERGED_WITH_NEXT,
    /** Those in a row are one word. */
    CONTIGUOUS
  }

  @Override
  public void split(byte[] utf8, int from, int to, boolean first, Words words) {
    Joiner joiner = new Joiner(utf8, from, first, words);
    pattern.split(utf8, from, to, (start, end, matched) -> joiner.accept(start, end, matched));
    joiner.end();
  }

  /** Joins pieces to words, one piece behind. */
  private final class Joiner {
    private final byte[] utf8;
    private final int begin;
    private final boolean first;
    private final Words words;
    private int from;
    private int to;
    private boolean lastMatched;

    Joiner(byte[] utf8, int begin, boolean first, Words words) {
      this.utf8 = utf8;
      this.begin = begin;
      this.from = begin;
      this.to = begin;
      this.first = first;
      this.words = words;
    }

    void accept(int start, int end, boolean found) {
      if (start == end) {
        return;
      }
      boolean matched = found != inverted;
      boolean joined =
          switch (behavior) {
            case REMOVED, ISOLATED -> false;
            case MERGED_WITH_PREVIOUS -> matched && !lastMatched;
            case MERGED_WITH_NEXT -> lastMatched && !matched;
            case CONTIGUOUS -> matched == lastMatched;
          };
      if (!joined) {
        end();
        from = start;
      }
      to = end;
      lastMatched = matched;
    }

    void end() {
      boolean removed = behavior == Behavior.REMOVED && lastMatched;
      if (from < to && !removed) {
        words.accept(utf8, from, to, first && from == begin);
      }
    }
  }
}
