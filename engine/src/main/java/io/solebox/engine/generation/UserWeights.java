package io.solebox.engine.generation;

/**
 * How much of a model each user is due when several want it at once: of two with weights 1 and 3
 * the second has three tokens for each of the first. Asked on the engine loop's thread, so it must
 * not wait for anything.
 */
@FunctionalInterface
public interface UserWeights {
  /** All alike. */
  UserWeights EQUAL = _ -> 1;

  /**
   * The weight of a user from now on; above 0.
   *
   * @param user as requests name it; empty for a request of nobody in particular
   */
  double weight(String user);
}
