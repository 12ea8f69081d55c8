package io.solebox.engine.tokenizer;

/**
 * Splits text into the words that BPE merges never cross. Hand-written scanners of one pass: a
 * regular-expression engine would recurse on hostile text.
 */
interface PreTokenizer {
  /** The end of the word that begins at {@code start}; greater than {@code start}. */
  int next(int[] text, int start);
}
