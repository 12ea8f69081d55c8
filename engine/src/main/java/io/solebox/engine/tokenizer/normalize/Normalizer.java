package io.solebox.engine.tokenizer.normalize;

/** Rewrites text before it is split into tokens. Immutable; safe for many threads. */
@FunctionalInterface
public interface Normalizer {
  /** Leaves everything as it is. */
  Normalizer NONE = utf8 -> utf8;

  /**
   * @param utf8 well-formed; not changed
   */
  byte[] normalize(byte[] utf8);

  /** This one first, then the other. */
  default Normalizer then(Normalizer next) {
    return utf8 -> next.normalize(normalize(utf8));
  }
}
