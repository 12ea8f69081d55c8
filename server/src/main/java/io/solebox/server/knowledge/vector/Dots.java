package io.solebox.server.knowledge.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of rows with one vector. {@link VectorDots} is fast once the optimizing compiler
 * has finished it, and two hundred times slower before; {@link PlainDots} is never slow. Both give
 * the same bits: {@link #WIDTH} sums run beside each other, each over every {@code WIDTH}th
 * product, and are added up by a fixed tree.
 */
sealed interface Dots permits PlainDots, VectorDots {
  /** The widest float vector of this machine. */
  VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;

  /** Sums that run beside each other: two vectors, so that no addition waits for the one before. */
  int WIDTH = 2 * F.length();

  /** Floats that a row of {@code dimension} takes, with the zeros that fill it up. */
  static int stride(int dimension) {
    return Math.ceilDiv(dimension, WIDTH) * WIDTH;
  }

  /**
   * Computes some products.
   *
   * @param rows f32 [N, stride], in the order of the machine
   * @param chosen which rows, the first {@code count} of it
   * @param query [stride]
   * @param scores the products, in the order of {@code chosen}
   */
  void scores(MemorySegment rows, int[] chosen, int count, float[] query, float[] scores);

  /**
   * Adds up the first {@code length} sums, a power of two: the first half to the second, and on.
   */
  static float sum(float[] sums, int length) {
    for (int half = length / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
  }
}
