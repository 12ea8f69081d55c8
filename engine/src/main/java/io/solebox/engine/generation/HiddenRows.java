package io.solebox.engine.generation;

/** Which hidden states of a sequence are wanted. */
public enum HiddenRows {
  /** Of its first token (a class token). */
  FIRST,
  /** Of its last token; also the one to ask for where the graph itself pools. */
  LAST,
  /** Of each token. */
  ALL
}
