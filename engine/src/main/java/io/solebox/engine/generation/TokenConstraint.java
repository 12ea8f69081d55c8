package io.solebox.engine.generation;

import io.solebox.engine.backend.TokenMask;

/**
 * What an answer may say, token by token: a grammar, a schema. One object per answer, called by the
 * engine loop alone; it must not wait for anything.
 */
public interface TokenConstraint {
  /** The ids that may come next; those that end the answer are among them where it may end. */
  TokenMask allowed();

  /** An id was said. */
  void said(int id);
}
