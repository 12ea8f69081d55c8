package io.solebox.engine.tokenizer;

/**
 * How many rows a model's table of embeddings has for its vocabulary.
 *
 * @param least ids there must be; those without a token are unused
 * @param most ids there may be; added tokens from there on are left out
 */
record TableRows(int least, int most) {
  /** Of a vocabulary without a model. */
  static final TableRows ANY = new TableRows(0, Integer.MAX_VALUE);
}
