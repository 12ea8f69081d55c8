package io.solebox.engine.generation;

/**
 * How a loaded model is shared, while it is there.
 *
 * @param weights of its users
 * @param pace of all of them together
 */
public record Sharing(UserWeights weights, Pace pace) {
  /** All users alike, as fast as it can. */
  public static final Sharing EQUAL = new Sharing(UserWeights.EQUAL, Pace.FULL);
}
