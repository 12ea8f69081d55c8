package io.solebox.engine.generation;

import io.solebox.engine.backend.TokenMask;
import java.util.OptionalInt;

/**
 * What an answer may say, token by token: a grammar, a schema. One object per answer, called by the
 * engine loop alone; it must not wait for anything.
 */
public interface TokenConstraint {
  /** The ids that may come next; those that end the answer are among them where it may end. */
  TokenMask allowed();

  /** An id was said. */
  void said(int id);

  /**
   * One in the same state that goes its own way from here: what is said to either is not heard by
   * the other. Made of each guess at how an answer goes on, so it should be cheap.
   */
  TokenConstraint fork();

  /**
   * The id that comes next, where there is no other and that is known at once: it is then said
   * without a step of the model. {@link #allowed} allows nothing else.
   */
  default OptionalInt forced() {
    return OptionalInt.empty();
  }

  /** What may come next, in words for a person; empty where there are none. */
  default String expected() {
    return "";
  }

  /**
   * Whether it is worth computing what follows {@code id} if that is said next: not where it may
   * not be said.
   */
  default boolean admits(int id) {
    return allowed().allows(id);
  }
}
