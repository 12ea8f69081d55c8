package io.solebox.engine.tokenizer;

/** How a word becomes tokens. Immutable; safe for many threads. */
@FunctionalInterface
interface WordModel {
  /** What appends the tokens of each word that it gets; for one thread. */
  PreTokenizer.Words encoder(IntList out);
}
