package io.solebox.engine.generation;

/** What becomes of the vectors of a text's tokens; numbered as in {@code pooling_type} of GGUF. */
public enum Pooling {
  /** All of them. */
  NONE,
  /** Their mean. */
  MEAN,
  /** That of the first token. */
  CLS,
  /** That of the last token. */
  LAST,
  /** Scores of how well a text suits a question. */
  RANK;

  /** Whether that is one vector of a whole text. */
  public boolean isOfTexts() {
    return switch (this) {
      case MEAN, CLS, LAST -> true;
      case NONE, RANK -> false;
    };
  }
}
