package io.solebox.engine.backend;

import java.util.Set;

/**
 * What some matrices of a graph were multiplied with, summed up over all steps of a plan.
 *
 * @param weights names of the matrices that read it, as in the file
 * @param sums of squares by column [matrices, cols]: of one matrix, of those of all heads or of all
 *     experts
 * @param counts rows that were multiplied: one number where they met all matrices, else one for
 *     each expert
 */
public record InputSquares(Set<String> weights, float[] sums, long[] counts) {
  /**
   * @throws IllegalArgumentException unless each count has equally many sums
   */
  public InputSquares {
    weights = Set.copyOf(weights);
    if (counts.length == 0 || sums.length % counts.length != 0) {
      throw new IllegalArgumentException(sums.length + " sums of " + counts.length);
    }
  }
}
