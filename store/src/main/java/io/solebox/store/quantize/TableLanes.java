package io.solebox.store.quantize;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Searches#table} for a run in each lane. */
final class TableLanes {
  private static final float[] B = Iq4Values.BOUNDS;
  private static final float[] V = Iq4Values.VALUES;

  private final Lanes lanes;
  private final float[] xs;
  private final float[] ws;
  private final float[] scaleOut;

  // Between the steps of a search, a float for each lane: vectors that live across loops would
  // become objects.
  private final float[] sumL2 = new float[Lanes.COUNT];
  private final float[] sumXl = new float[Lanes.COUNT];
  private final float[] inverse = new float[Lanes.COUNT];
  private final float[] scale = new float[Lanes.COUNT];
  private final float[] best = new float[Lanes.COUNT];

  TableLanes(Lanes lanes) {
    this.lanes = lanes;
    this.xs = lanes.xs;
    this.ws = lanes.ws;
    this.scaleOut = lanes.scaleOut;
  }

  /** Leaves scales of the runs that lie in the lanes. */
  void run() {
    int n = 32 * Lanes.COUNT;
    lanes.largest(n);
    FloatVector largest = FloatVector.fromArray(Lanes.F, lanes.most, 0);
    FloatVector.zero(Lanes.F).intoArray(scale, 0);
    FloatVector.zero(Lanes.F).intoArray(best, 0);
    for (int trial = -Iq4Values.TRIALS - 1; trial <= Iq4Values.TRIALS; trial++) {
      boolean isFirst = trial < -Iq4Values.TRIALS;
      FloatVector one = FloatVector.broadcast(Lanes.F, 1);
      FloatVector inverse0 =
          isFirst
              ? one.div(largest.neg().div(V[0]))
              : FloatVector.broadcast(Lanes.F, trial + V[0]).div(largest);
      inverse0.intoArray(inverse, 0);
      sums(n);
      keep(isFirst);
    }
    VectorMask<Float> nothing = largest.abs().lt(Numbers.NOTHING);
    FloatVector.fromArray(Lanes.F, scale, 0).blend(0, nothing).intoArray(scaleOut, 0);
  }

  private void keep(boolean isFirst) {
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector qx = FloatVector.fromArray(Lanes.F, sumXl, 0);
    FloatVector q2 = FloatVector.fromArray(Lanes.F, sumL2, 0);
    FloatVector before = FloatVector.fromArray(Lanes.F, best, 0);
    FloatVector newScale = qx.div(q2);
    VectorMask<Float> counts = zero.lt(q2);
    VectorMask<Float> better = counts;
    if (!isFirst) {
      better = before.mul(q2).lt(qx.mul(qx)).and(counts);
    }
    FloatVector.fromArray(Lanes.F, scale, 0).blend(newScale, better).intoArray(scale, 0);
    before.blend(newScale.mul(qx), better).intoArray(best, 0);
  }

  /** The nearest of 16 values, by four halvings among the bounds that are left, and sums. */
  private void sums(int n) {
    FloatVector by = FloatVector.fromArray(Lanes.F, inverse, 0);
    FloatVector qx = FloatVector.zero(Lanes.F);
    FloatVector q2 = qx;
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, xs, i);
      FloatVector t = by.mul(x);
      t = t.add(t);
      VectorMask<Float> m8 = FloatVector.broadcast(Lanes.F, B[8]).compare(VectorOperators.LE, t);
      FloatVector b4 = FloatVector.broadcast(Lanes.F, B[4]).blend(B[12], m8);
      VectorMask<Float> m4 = b4.compare(VectorOperators.LE, t);
      FloatVector b2Low = FloatVector.broadcast(Lanes.F, B[2]).blend(B[6], m4);
      FloatVector b2High = FloatVector.broadcast(Lanes.F, B[10]).blend(B[14], m4);
      VectorMask<Float> m2 = b2Low.blend(b2High, m8).compare(VectorOperators.LE, t);
      FloatVector b1 = FloatVector.broadcast(Lanes.F, B[1]).blend(B[3], m2);
      FloatVector b5 = FloatVector.broadcast(Lanes.F, B[5]).blend(B[7], m2);
      FloatVector b9 = FloatVector.broadcast(Lanes.F, B[9]).blend(B[11], m2);
      FloatVector b13 = FloatVector.broadcast(Lanes.F, B[13]).blend(B[15], m2);
      FloatVector bLow = b1.blend(b5, m4);
      FloatVector bHigh = b9.blend(b13, m4);
      VectorMask<Float> m1 = bLow.blend(bHigh, m8).compare(VectorOperators.LE, t);
      FloatVector v0 = FloatVector.broadcast(Lanes.F, V[0]).blend(V[1], m1);
      FloatVector v2 = FloatVector.broadcast(Lanes.F, V[2]).blend(V[3], m1);
      FloatVector v4 = FloatVector.broadcast(Lanes.F, V[4]).blend(V[5], m1);
      FloatVector v6 = FloatVector.broadcast(Lanes.F, V[6]).blend(V[7], m1);
      FloatVector v8 = FloatVector.broadcast(Lanes.F, V[8]).blend(V[9], m1);
      FloatVector v10 = FloatVector.broadcast(Lanes.F, V[10]).blend(V[11], m1);
      FloatVector v12 = FloatVector.broadcast(Lanes.F, V[12]).blend(V[13], m1);
      FloatVector v14 = FloatVector.broadcast(Lanes.F, V[14]).blend(V[15], m1);
      FloatVector vLow = v0.blend(v2, m2).blend(v4.blend(v6, m2), m4);
      FloatVector vHigh = v8.blend(v10, m2).blend(v12.blend(v14, m2), m4);
      FloatVector q = vLow.blend(vHigh, m8);
      FloatVector wq = FloatVector.fromArray(Lanes.F, ws, i).mul(q);
      qx = qx.add(wq.mul(x));
      q2 = q2.add(wq.mul(q));
    }
    qx.intoArray(sumXl, 0);
    q2.intoArray(sumL2, 0);
  }
}
