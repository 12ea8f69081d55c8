package io.solebox.store.quantize;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Runs beside each other: weight i of run r at {@code i * COUNT + r}, so that a vector has one
 * weight of each run.
 */
final class Lanes {
  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  static final int COUNT = F.length();
  private static final int LONGEST = 32;

  /** Weights. */
  final float[] xs = new float[LONGEST * COUNT];

  /** How much their errors count. */
  final float[] ws = new float[LONGEST * COUNT];

  /** Codes at hand, or what a search keeps of each weight. */
  final float[] ls = new float[LONGEST * COUNT];

  /** Codes that were found. */
  final int[] cs = new int[LONGEST * COUNT];

  /** What was found for each lane. */
  final float[] scaleOut = new float[COUNT];

  /** The weight of largest size of each lane. */
  final float[] most = new float[COUNT];

  /** Lays {@code lanes} runs beside each other: weight i of run r to {@code i * COUNT + r}. */
  void turn(float[] x, int from, int run, int lanes, float[] to) {
    if (lanes < COUNT) {
      Arrays.fill(to, 0, run * COUNT, 0);
    }
    for (int r = 0; r < lanes; r++) {
      int at = from + r * run;
      for (int i = 0; i < run; i++) {
        to[i * COUNT + r] = x[at + i];
      }
    }
  }

  /** Lays codes one after the other again. */
  void turnBack(int run, int lanes, byte[] codes, int at) {
    for (int r = 0; r < lanes; r++) {
      for (int i = 0; i < run; i++) {
        codes[at + r * run + i] = (byte) cs[i * COUNT + r];
      }
    }
  }

  /** Of each lane the weight of largest size, of several the first. */
  void largest(int n) {
    FloatVector size = FloatVector.zero(F);
    FloatVector largest = size;
    for (int i = 0; i < n; i += COUNT) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
      FloatVector thisSize = x.abs();
      VectorMask<Float> larger = size.lt(thisSize);
      size = size.blend(thisSize, larger);
      largest = largest.blend(x, larger);
    }
    largest.intoArray(most, 0);
  }
}
