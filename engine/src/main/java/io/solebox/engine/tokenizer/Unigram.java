package io.solebox.engine.tokenizer;

import java.util.Arrays;

/**
 * The most likely way to cut a text into tokens, each with a probability of its own (Kudo, Subword
 * Regularization, 2018), found in one pass (google/sentencepiece: src/unigram_model.cc). Immutable.
 */
final class Unigram {
  /** What {@link Cut#ids} has for a character that no token covers. */
  static final int UNKNOWN = -1;

  private static final double UNKNOWN_PENALTY = 10;

  private final Trie trie;

  /** Logarithms of probabilities, by id. */
  private final double[] scores;

  private final double unknownScore;
  private final Precision precision;

  /** In what sums of scores are kept, which decides between cuts that are equally likely. */
  enum Precision {
    SINGLE,
    DOUBLE
  }

  /**
   * @param leastScore of all tokens; what no token covers is less likely still
   */
  Unigram(Trie trie, double[] scores, double leastScore, Precision precision) {
    this.precision = precision;
    this.trie = trie;
    this.scores = scores;
    this.unknownScore = leastScore - UNKNOWN_PENALTY;
  }

  /**
   * Tokens of a text.
   *
   * @param ends where each ends
   * @param ids {@link #UNKNOWN} for characters in a row that no token covers
   */
  record Cut(int[] ends, int[] ids) {}

  /** Cuts well-formed UTF-8. */
  Cut cut(byte[] text, int from, int to) {
    int length = to - from;
    double[] best = new double[length + 1];
    int[] starts = new int[length + 1];
    int[] ids = new int[length + 1];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    best[0] = 0;
    for (int at = 0; at < length; at += Utf8.length(text[from + at])) {
      int character = at + Utf8.length(text[from + at]);
      boolean covered = false;
      int node = Trie.ROOT;
      for (int end = at + 1; end <= length; end++) {
        node = trie.next(node, text[from + end - 1]);
        if (node == Trie.NONE) {
          break;
        }
        int id = trie.token(node);
        if (id != Trie.NONE) {
          covered |= end == character;
          improve(best, starts, ids, at, end, id, scores[id]);
        }
      }
      if (!covered) {
        improve(best, starts, ids, at, character, UNKNOWN, unknownScore);
      }
    }
    return backwards(from, starts, ids);
  }

  private void improve(
      double[] best, int[] starts, int[] ids, int at, int end, int id, double score) {
    double sum =
        switch (precision) {
          case SINGLE -> (float) (best[at] + score);
          case DOUBLE -> best[at] + score;
        };
    if (sum > best[end]) {
      best[end] = sum;
      starts[end] = at;
      ids[end] = id;
    }
  }

  private static Cut backwards(int from, int[] starts, int[] ids) {
    IntList ends = new IntList();
    IntList found = new IntList();
    boolean unknown = false;
    for (int end = starts.length - 1; end > 0; end = starts[end]) {
      if (!unknown || ids[end] != UNKNOWN) {
        ends.add(from + end);
        found.add(ids[end]);
      }
      unknown = ids[end] == UNKNOWN;
    }
    return new Cut(ends.toReversedArray(), found.toReversedArray());
  }
}
