package io.solebox.store.quantize;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Searches#descent} for a run in each lane. */
final class DescentLanes {
  private static final int ROUNDS = 5;

  private final Lanes lanes;
  private final float[] xs;
  private final float[] ls;
  private final int[] cs;
  private final float[] scaleOut;

  DescentLanes(Lanes lanes) {
    this.lanes = lanes;
    this.xs = lanes.xs;
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
    VectorMask<Float> nothing = largest.abs().lt(Numbers.NOTHING);
    FloatVector inverse = FloatVector.broadcast(Lanes.F, -half).div(largest);
    FloatVector sumLx = zero;
    FloatVector sumL2 = zero;
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, xs, i);
      FloatVector w = x.mul(x);
      FloatVector l =
          (FloatVector)
              inverse
                  .mul(x)
                  .add(Numbers.MAGIC)
                  .reinterpretAsInts()
                  .and(Numbers.MANTISSA)
                  .sub(Numbers.MAGIC_MANTISSA)
                  .min(half - 1)
                  .max(-half)
                  .convert(VectorOperators.I2F, 0);
      l.intoArray(ls, i);
      sumLx = sumLx.add(w.mul(x).mul(l));
      sumL2 = sumL2.add(w.mul(l).mul(l));
    }
    boolean changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
      FloatVector before = sumLx;
      FloatVector beforeL2 = sumL2;
      VectorMask<Float> any = nothing.andNot(nothing);
      for (int i = 0; i < n; i += Lanes.COUNT) {
        FloatVector x = FloatVector.fromArray(Lanes.F, xs, i);
        FloatVector w = x.mul(x);
        FloatVector wx = w.mul(x);
        FloatVector l = FloatVector.fromArray(Lanes.F, ls, i);
        FloatVector restLx = sumLx.sub(wx.mul(l));
        FloatVector restL2 = sumL2.sub(w.mul(l).mul(l));
        FloatVector other =
            (FloatVector)
                x.mul(restL2)
                    .div(restLx)
                    .add(Numbers.MAGIC)
                    .reinterpretAsInts()
                    .and(Numbers.MANTISSA)
                    .sub(Numbers.MAGIC_MANTISSA)
                    .min(half - 1)
                    .max(-half)
                    .convert(VectorOperators.I2F, 0);
        FloatVector thisLx = restLx.add(wx.mul(other));
        FloatVector thisL2 = restL2.add(w.mul(other).mul(other));
        VectorMask<Float> better =
            sumLx
                .mul(sumLx)
                .mul(thisL2)
                .lt(thisLx.mul(thisLx).mul(sumL2))
                .and(zero.lt(restLx))
                .and(zero.lt(thisL2))
                .and(other.compare(VectorOperators.NE, l));
        l.blend(other, better).intoArray(ls, i);
        sumLx = sumLx.blend(thisLx, better);
        sumL2 = sumL2.blend(thisL2, better);
        any = any.or(better);
      }
      changed = any.anyTrue();
    }
    for (int i = 0; i < n; i += Lanes.COUNT) {
      IntVector l =
          (IntVector) FloatVector.fromArray(Lanes.F, ls, i).convert(VectorOperators.F2I, 0);
      l.add(half).blend(0, nothing.cast(Lanes.I)).intoArray(cs, i);
    }
    FloatVector scale = sumLx.div(sumL2).blend(zero, zero.lt(sumL2).not().or(nothing));
    scale.intoArray(scaleOut, 0);
  }
}
