package io.solebox.store.quantize;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Searches#symmetric} for a run in each lane. */
final class SymmetricLanes {
  private static final int TRIALS = 9;

  private final Lanes lanes;
  private final float[] xs;
  private final float[] ws;
  private final float[] ls;
  private final int[] cs;
  private final float[] scaleOut;

  // Between the steps of a search, a float for each lane: vectors that live across loops would
  // become objects.
  private final float[] sumL2 = new float[Lanes.COUNT];
  private final float[] sumXl = new float[Lanes.COUNT];
  private final float[] inverse = new float[Lanes.COUNT];
  private final float[] codesInverse = new float[Lanes.COUNT];
  private final float[] scale = new float[Lanes.COUNT];
  private final float[] best = new float[Lanes.COUNT];

  SymmetricLanes(Lanes lanes) {
    this.lanes = lanes;
    this.xs = lanes.xs;
    this.ws = lanes.ws;
    this.ls = lanes.ls;
    this.cs = lanes.cs;
    this.scaleOut = lanes.scaleOut;
  }

  /** Leaves scales and codes of the runs that lie in the lanes. */
  void run(int run, int half) {
    int n = run * Lanes.COUNT;
    FloatVector zero = FloatVector.zero(Lanes.F);
    lanes.largest(n);
    FloatVector largest = FloatVector.fromArray(Lanes.F, lanes.most, 0);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, xs, i);
      FloatVector.fromArray(Lanes.F, ws, i).mul(x).intoArray(ls, i);
    }
    zero.intoArray(scale, 0);
    zero.intoArray(best, 0);
    for (int trial = -TRIALS - 1; trial <= TRIALS; trial++) {
      boolean isFirst = trial < -TRIALS;
      if (trial != 0) {
        float numerator = isFirst ? -half : -(half + 0.1f * trial);
        FloatVector.broadcast(Lanes.F, numerator).div(largest).intoArray(inverse, 0);
        sums(n, half);
        keep(isFirst);
      }
    }
    end(n, half);
  }

  private void sums(int n, int half) {
    FloatVector by = FloatVector.fromArray(Lanes.F, inverse, 0);
    FloatVector lx = FloatVector.zero(Lanes.F);
    FloatVector l2 = lx;
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector l =
          (FloatVector)
              by.mul(FloatVector.fromArray(Lanes.F, xs, i))
                  .add(Numbers.MAGIC)
                  .reinterpretAsInts()
                  .and(Numbers.MANTISSA)
                  .sub(Numbers.MAGIC_MANTISSA)
                  .min(half - 1)
                  .max(-half)
                  .convert(VectorOperators.I2F, 0);
      lx = lx.add(FloatVector.fromArray(Lanes.F, ls, i).mul(l));
      l2 = l2.add(FloatVector.fromArray(Lanes.F, ws, i).mul(l).mul(l));
    }
    lx.intoArray(sumXl, 0);
    l2.intoArray(sumL2, 0);
  }

  private void keep(boolean isFirst) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector lx = FloatVector.fromArray(Lanes.F, sumXl, 0);
    FloatVector l2 = FloatVector.fromArray(Lanes.F, sumL2, 0);
    FloatVector now = FloatVector.fromArray(Lanes.F, inverse, 0);
    FloatVector newScale = lx.div(l2);
    if (isFirst) {
      FloatVector first = newScale.blend(zero, l2.eq(0));
      first.intoArray(scale, 0);
      first.mul(lx).intoArray(best, 0);
      now.intoArray(codesInverse, 0);
      return;
    }
    FloatVector before = FloatVector.fromArray(Lanes.F, best, 0);
    VectorMask<Float> better = before.mul(l2).lt(lx.mul(lx)).and(zero.lt(l2));
    FloatVector.fromArray(Lanes.F, scale, 0).blend(newScale, better).intoArray(scale, 0);
    before.blend(newScale.mul(lx), better).intoArray(best, 0);
    FloatVector.fromArray(Lanes.F, codesInverse, 0).blend(now, better).intoArray(codesInverse, 0);
  }

  private void end(int n, int half) {
    FloatVector largest = FloatVector.fromArray(Lanes.F, lanes.most, 0);
    VectorMask<Float> nothing = largest.abs().lt(Numbers.NOTHING);
    FloatVector by = FloatVector.fromArray(Lanes.F, codesInverse, 0);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      by.mul(FloatVector.fromArray(Lanes.F, xs, i))
          .add(Numbers.MAGIC)
          .reinterpretAsInts()
          .and(Numbers.MANTISSA)
          .sub(Numbers.MAGIC_MANTISSA)
          .min(half - 1)
          .max(-half)
          .add(half)
          .blend(0, nothing.cast(Lanes.I))
          .intoArray(cs, i);
    }
    FloatVector.fromArray(Lanes.F, scale, 0).blend(0, nothing).intoArray(scaleOut, 0);
  }
}
