package io.solebox.store.quantize;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Searches#affine} for a run in each lane. */
final class AffineLanes {
  private final Lanes lanes;
  private final float[] xs;
  private final float[] ws;
  private final float[] ls;
  private final int[] cs;
  private final float[] scaleOut;

  /** What was found for each lane, beside {@link Lanes#scaleOut}. */
  final float[] minOut = new float[Lanes.COUNT];

  // Between the steps of a search, a float for each lane: vectors that live across loops would
  // become objects.
  private final float[] min = new float[Lanes.COUNT];
  private final float[] firstMin = new float[Lanes.COUNT];
  private final float[] codesMin = new float[Lanes.COUNT];
  private final float[] thisMin = new float[Lanes.COUNT];
  private final float[] max = new float[Lanes.COUNT];
  private final float[] sumW = new float[Lanes.COUNT];
  private final float[] sumX = new float[Lanes.COUNT];
  private final float[] sumL = new float[Lanes.COUNT];
  private final float[] sumL2 = new float[Lanes.COUNT];
  private final float[] sumXl = new float[Lanes.COUNT];
  private final float[] inverse = new float[Lanes.COUNT];
  private final float[] codesInverse = new float[Lanes.COUNT];
  private final float[] scale = new float[Lanes.COUNT];
  private final float[] thisScale = new float[Lanes.COUNT];
  private final float[] determinant = new float[Lanes.COUNT];
  private final float[] error = new float[Lanes.COUNT];
  private final float[] best = new float[Lanes.COUNT];

  AffineLanes(Lanes lanes) {
    this.lanes = lanes;
    this.xs = lanes.xs;
    this.ws = lanes.ws;
    this.ls = lanes.ls;
    this.cs = lanes.cs;
    this.scaleOut = lanes.scaleOut;
  }

  /** Leaves scales, minimums and codes of the runs that lie in the lanes. */
  void run(AffineFit fit) {
    int n = fit.run() * Lanes.COUNT;
    start(fit, n);
    sums(n, fit.largest());
    measure(n, fit.absolute());
    System.arraycopy(error, 0, best, 0, Lanes.COUNT);
    for (int step = 0; step <= fit.steps(); step++) {
      FloatVector range =
          FloatVector.fromArray(Lanes.F, max, 0).sub(FloatVector.fromArray(Lanes.F, min, 0));
      float numerator = fit.first() + fit.width() * step + fit.largest();
      FloatVector.broadcast(Lanes.F, numerator).div(range).intoArray(inverse, 0);
      sums(n, fit.largest());
      solve();
      measure(n, fit.absolute());
      keep();
    }
    end(n, fit.largest());
  }

  /** Smallest and largest weights, sums, and the scale that these two ask for. */
  private void start(AffineFit fit, int n) {
    FloatVector least = FloatVector.fromArray(Lanes.F, xs, 0);
    FloatVector greatest = least;
    FloatVector w = FloatVector.fromArray(Lanes.F, ws, 0);
    FloatVector wx = w.mul(least);
    for (int i = Lanes.COUNT; i < n; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, xs, i);
      FloatVector thisW = FloatVector.fromArray(Lanes.F, ws, i);
      least = least.blend(x, x.lt(least));
      greatest = greatest.blend(x, greatest.lt(x));
      w = w.add(thisW);
      wx = wx.add(thisW.mul(x));
    }
    FloatVector zero = FloatVector.zero(Lanes.F);
    least = least.blend(zero, zero.lt(least));
    FloatVector inverseScale =
        FloatVector.broadcast(Lanes.F, fit.largest()).div(greatest.sub(least));
    FloatVector firstScale = FloatVector.broadcast(Lanes.F, 1).div(inverseScale);
    least.intoArray(min, 0);
    least.intoArray(firstMin, 0);
    least.intoArray(codesMin, 0);
    least.intoArray(thisMin, 0);
    greatest.intoArray(max, 0);
    w.intoArray(sumW, 0);
    wx.intoArray(sumX, 0);
    inverseScale.intoArray(inverse, 0);
    inverseScale.intoArray(codesInverse, 0);
    firstScale.intoArray(scale, 0);
    firstScale.intoArray(thisScale, 0);
  }

  /** Codes by the scale at hand, and the sums over them. */
  private void sums(int n, int largest) {
    FloatVector by = FloatVector.fromArray(Lanes.F, inverse, 0);
    FloatVector from = FloatVector.fromArray(Lanes.F, min, 0);
    FloatVector l1 = FloatVector.zero(Lanes.F);
    FloatVector l2 = l1;
    FloatVector xl = l1;
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, xs, i);
      FloatVector l =
          (FloatVector)
              by.mul(x.sub(from))
                  .add(Numbers.MAGIC)
                  .reinterpretAsInts()
                  .and(Numbers.MANTISSA)
                  .sub(Numbers.MAGIC_MANTISSA)
                  .min(largest)
                  .max(0)
                  .convert(VectorOperators.I2F, 0);
      l.intoArray(ls, i);
      FloatVector wl = FloatVector.fromArray(Lanes.F, ws, i).mul(l);
      l1 = l1.add(wl);
      l2 = l2.add(wl.mul(l));
      xl = xl.add(wl.mul(x));
    }
    l1.intoArray(sumL, 0);
    l2.intoArray(sumL2, 0);
    xl.intoArray(sumXl, 0);
  }

  /** The scale and minimum that fit these codes best. */
  private void solve() {
    FloatVector w = FloatVector.fromArray(Lanes.F, sumW, 0);
    FloatVector x = FloatVector.fromArray(Lanes.F, sumX, 0);
    FloatVector l1 = FloatVector.fromArray(Lanes.F, sumL, 0);
    FloatVector l2 = FloatVector.fromArray(Lanes.F, sumL2, 0);
    FloatVector xl = FloatVector.fromArray(Lanes.F, sumXl, 0);
    FloatVector zero = FloatVector.zero(Lanes.F);
    FloatVector det = w.mul(l2).sub(l1.mul(l1));
    FloatVector newScale = w.mul(xl).sub(x.mul(l1)).div(det);
    FloatVector newMin = l2.mul(x).sub(l1.mul(xl)).div(det);
    VectorMask<Float> positive = zero.lt(newMin);
    newScale.blend(xl.div(l2), positive).intoArray(thisScale, 0);
    newMin.blend(zero, positive).intoArray(thisMin, 0);
    det.intoArray(determinant, 0);
  }

  /** Of the codes at hand, with the scale and minimum at hand. */
  private void measure(int n, boolean absolute) {
    FloatVector by = FloatVector.fromArray(Lanes.F, thisScale, 0);
    FloatVector from = FloatVector.fromArray(Lanes.F, thisMin, 0);
    FloatVector sum = FloatVector.zero(Lanes.F);
    if (absolute) {
      for (int i = 0; i < n; i += Lanes.COUNT) {
        FloatVector l = FloatVector.fromArray(Lanes.F, ls, i);
        FloatVector difference = by.mul(l).add(from).sub(FloatVector.fromArray(Lanes.F, xs, i));
        sum = sum.add(FloatVector.fromArray(Lanes.F, ws, i).mul(difference.abs()));
      }
    } else {
      for (int i = 0; i < n; i += Lanes.COUNT) {
        FloatVector l = FloatVector.fromArray(Lanes.F, ls, i);
        FloatVector difference = by.mul(l).add(from).sub(FloatVector.fromArray(Lanes.F, xs, i));
        sum = sum.add(FloatVector.fromArray(Lanes.F, ws, i).mul(difference.mul(difference)));
      }
    }
    sum.intoArray(error, 0);
  }

  /** Keeps what is at hand in lanes where it is better than what was. */
  private void keep() {
    FloatVector now = FloatVector.fromArray(Lanes.F, error, 0);
    VectorMask<Float> better =
        now.lt(FloatVector.fromArray(Lanes.F, best, 0))
            .and(FloatVector.zero(Lanes.F).lt(FloatVector.fromArray(Lanes.F, determinant, 0)));
    FloatVector.fromArray(Lanes.F, best, 0).blend(now, better).intoArray(best, 0);
    FloatVector.fromArray(Lanes.F, codesInverse, 0)
        .blend(FloatVector.fromArray(Lanes.F, inverse, 0), better)
        .intoArray(codesInverse, 0);
    FloatVector.fromArray(Lanes.F, codesMin, 0)
        .blend(FloatVector.fromArray(Lanes.F, min, 0), better)
        .intoArray(codesMin, 0);
    FloatVector.fromArray(Lanes.F, scale, 0)
        .blend(FloatVector.fromArray(Lanes.F, thisScale, 0), better)
        .intoArray(scale, 0);
    FloatVector.fromArray(Lanes.F, min, 0)
        .blend(FloatVector.fromArray(Lanes.F, thisMin, 0), better)
        .intoArray(min, 0);
  }

  private void end(int n, int largest) {
    FloatVector first = FloatVector.fromArray(Lanes.F, firstMin, 0);
    VectorMask<Float> flat =
        FloatVector.fromArray(Lanes.F, max, 0).compare(VectorOperators.LE, first);
    FloatVector by = FloatVector.fromArray(Lanes.F, codesInverse, 0);
    FloatVector from = FloatVector.fromArray(Lanes.F, codesMin, 0);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector x = FloatVector.fromArray(Lanes.F, xs, i);
      by.mul(x.sub(from))
          .add(Numbers.MAGIC)
          .reinterpretAsInts()
          .and(Numbers.MANTISSA)
          .sub(Numbers.MAGIC_MANTISSA)
          .min(largest)
          .max(0)
          .blend(0, flat.cast(Lanes.I))
          .intoArray(cs, i);
    }
    FloatVector.fromArray(Lanes.F, scale, 0)
        .blend(FloatVector.zero(Lanes.F), flat)
        .intoArray(scaleOut, 0);
    FloatVector.fromArray(Lanes.F, min, 0).blend(first, flat).neg().intoArray(minOut, 0);
  }
}
