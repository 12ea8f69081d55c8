package io.solebox.engine.generation;

/**
 * How hard a model may work its device. Asked on the engine loop's thread before each step, so it
 * must not wait for anything.
 */
@FunctionalInterface
public interface Pace {
  /** As hard as it can. */
  Pace FULL = () -> 1;

  /**
   * The share of a full step's tokens that the next one takes, and of the time that is spent in
   * steps; above 0, at most 1.
   */
  double share();
}
