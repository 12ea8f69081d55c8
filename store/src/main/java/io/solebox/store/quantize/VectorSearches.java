package io.solebox.store.quantize;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Many runs at a time: each lane has a run of its own, so that each adds in the order in which
 * {@link PlainSearches} does, and to the same bits. Runs are turned on their sides for that; those
 * that do not fill the lanes are filled up with zeros.
 */
final class VectorSearches implements Searches {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  private static final int LANES = F.length();
  private static final int LONGEST = 32;
  private static final int TRIALS = 9;
  private static final int ROUNDS = 5;

  private final float[] xs = new float[LONGEST * LANES];
  private final float[] ws = new float[LONGEST * LANES];
  private final float[] ls = new float[LONGEST * LANES];
  private final int[] cs = new int[LONGEST * LANES];
  private final float[] scaleOut = new float[LANES];
  private final float[] minOut = new float[LANES];

  // Between the steps of a search, a float for each lane: vectors that live across loops would
  // become objects.
  private final float[] min = new float[LANES];
  private final float[] firstMin = new float[LANES];
  private final float[] codesMin = new float[LANES];
  private final float[] thisMin = new float[LANES];
  private final float[] max = new float[LANES];
  private final float[] sumW = new float[LANES];
  private final float[] sumX = new float[LANES];
  private final float[] sumL = new float[LANES];
  private final float[] sumL2 = new float[LANES];
  private final float[] sumXl = new float[LANES];
  private final float[] inverse = new float[LANES];
  private final float[] codesInverse = new float[LANES];
  private final float[] scale = new float[LANES];
  private final float[] thisScale = new float[LANES];
  private final float[] determinant = new float[LANES];
  private final float[] error = new float[LANES];
  private final float[] best = new float[LANES];
  private final float[] most = new float[LANES];

  /** Lays {@code lanes} runs beside each other: weight i of run r to {@code i * LANES + r}. */
  private static void turn(float[] x, int from, int run, int lanes, float[] to) {
    if (lanes < LANES) {
      Arrays.fill(to, 0, run * LANES, 0);
    }
    for (int r = 0; r < lanes; r++) {
      int at = from + r * run;
      for (int i = 0; i < run; i++) {
        to[i * LANES + r] = x[at + i];
      }
    }
  }

  /** Lays codes one after the other again. */
  private void turnBack(int run, int lanes, byte[] codes, int at) {
    for (int r = 0; r < lanes; r++) {
      for (int i = 0; i < run; i++) {
        codes[at + r * run + i] = (byte) cs[i * LANES + r];
      }
    }
  }

  @Override
  public void affine(
      AffineFit fit,
      float[] x,
      int from,
      float[] weights,
      int runs,
      float[] scales,
      float[] mins,
      byte[] codes) {
    int run = fit.run();
    for (int r = 0; r < runs; r += LANES) {
      int lanes = Math.min(LANES, runs - r);
      turn(x, from + r * run, run, lanes, xs);
      turn(weights, r * run, run, lanes, ws);
      affineGroup(fit);
      System.arraycopy(scaleOut, 0, scales, r, lanes);
      System.arraycopy(minOut, 0, mins, r, lanes);
      turnBack(run, lanes, codes, r * run);
    }
  }

  private void affineGroup(AffineFit fit) {
    int n = fit.run() * LANES;
    affineStart(fit, n);
    affineSums(n, fit.largest());
    affineError(n, fit.absolute());
    System.arraycopy(error, 0, best, 0, LANES);
    for (int step = 0; step <= fit.steps(); step++) {
      FloatVector range = FloatVector.fromArray(F, max, 0).sub(FloatVector.fromArray(F, min, 0));
      float numerator = fit.first() + fit.width() * step + fit.largest();
      FloatVector.broadcast(F, numerator).div(range).intoArray(inverse, 0);
      affineSums(n, fit.largest());
      affineSolve();
      affineError(n, fit.absolute());
      affineKeep();
    }
    affineEnd(n, fit.largest());
  }

  /** Smallest and largest weights, sums, and the scale that these two ask for. */
  private void affineStart(AffineFit fit, int n) {
    FloatVector least = FloatVector.fromArray(F, xs, 0);
    FloatVector greatest = least;
    FloatVector w = FloatVector.fromArray(F, ws, 0);
    FloatVector wx = w.mul(least);
    for (int i = LANES; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
      FloatVector thisW = FloatVector.fromArray(F, ws, i);
      least = least.blend(x, x.lt(least));
      greatest = greatest.blend(x, greatest.lt(x));
      w = w.add(thisW);
      wx = wx.add(thisW.mul(x));
    }
    FloatVector zero = FloatVector.zero(F);
    least = least.blend(zero, zero.lt(least));
    FloatVector inverseScale = FloatVector.broadcast(F, fit.largest()).div(greatest.sub(least));
    FloatVector firstScale = FloatVector.broadcast(F, 1).div(inverseScale);
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
  private void affineSums(int n, int largest) {
    FloatVector by = FloatVector.fromArray(F, inverse, 0);
    FloatVector from = FloatVector.fromArray(F, min, 0);
    FloatVector l1 = FloatVector.zero(F);
    FloatVector l2 = l1;
    FloatVector xl = l1;
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
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
      FloatVector wl = FloatVector.fromArray(F, ws, i).mul(l);
      l1 = l1.add(wl);
      l2 = l2.add(wl.mul(l));
      xl = xl.add(wl.mul(x));
    }
    l1.intoArray(sumL, 0);
    l2.intoArray(sumL2, 0);
    xl.intoArray(sumXl, 0);
  }

  /** The scale and minimum that fit these codes best. */
  private void affineSolve() {
    FloatVector w = FloatVector.fromArray(F, sumW, 0);
    FloatVector x = FloatVector.fromArray(F, sumX, 0);
    FloatVector l1 = FloatVector.fromArray(F, sumL, 0);
    FloatVector l2 = FloatVector.fromArray(F, sumL2, 0);
    FloatVector xl = FloatVector.fromArray(F, sumXl, 0);
    FloatVector zero = FloatVector.zero(F);
    FloatVector det = w.mul(l2).sub(l1.mul(l1));
    FloatVector newScale = w.mul(xl).sub(x.mul(l1)).div(det);
    FloatVector newMin = l2.mul(x).sub(l1.mul(xl)).div(det);
    VectorMask<Float> positive = zero.lt(newMin);
    newScale.blend(xl.div(l2), positive).intoArray(thisScale, 0);
    newMin.blend(zero, positive).intoArray(thisMin, 0);
    det.intoArray(determinant, 0);
  }

  /** Of the codes at hand, with the scale and minimum at hand. */
  private void affineError(int n, boolean absolute) {
    FloatVector by = FloatVector.fromArray(F, thisScale, 0);
    FloatVector from = FloatVector.fromArray(F, thisMin, 0);
    FloatVector sum = FloatVector.zero(F);
    if (absolute) {
      for (int i = 0; i < n; i += LANES) {
        FloatVector l = FloatVector.fromArray(F, ls, i);
        FloatVector difference = by.mul(l).add(from).sub(FloatVector.fromArray(F, xs, i));
        sum = sum.add(FloatVector.fromArray(F, ws, i).mul(difference.abs()));
      }
    } else {
      for (int i = 0; i < n; i += LANES) {
        FloatVector l = FloatVector.fromArray(F, ls, i);
        FloatVector difference = by.mul(l).add(from).sub(FloatVector.fromArray(F, xs, i));
        sum = sum.add(FloatVector.fromArray(F, ws, i).mul(difference.mul(difference)));
      }
    }
    sum.intoArray(error, 0);
  }

  /** Keeps what is at hand in lanes where it is better than what was. */
  private void affineKeep() {
    FloatVector now = FloatVector.fromArray(F, error, 0);
    VectorMask<Float> better =
        now.lt(FloatVector.fromArray(F, best, 0))
            .and(FloatVector.zero(F).lt(FloatVector.fromArray(F, determinant, 0)));
    FloatVector.fromArray(F, best, 0).blend(now, better).intoArray(best, 0);
    FloatVector.fromArray(F, codesInverse, 0)
        .blend(FloatVector.fromArray(F, inverse, 0), better)
        .intoArray(codesInverse, 0);
    FloatVector.fromArray(F, codesMin, 0)
        .blend(FloatVector.fromArray(F, min, 0), better)
        .intoArray(codesMin, 0);
    FloatVector.fromArray(F, scale, 0)
        .blend(FloatVector.fromArray(F, thisScale, 0), better)
        .intoArray(scale, 0);
    FloatVector.fromArray(F, min, 0)
        .blend(FloatVector.fromArray(F, thisMin, 0), better)
        .intoArray(min, 0);
  }

  private void affineEnd(int n, int largest) {
    FloatVector first = FloatVector.fromArray(F, firstMin, 0);
    VectorMask<Float> flat = FloatVector.fromArray(F, max, 0).compare(VectorOperators.LE, first);
    FloatVector by = FloatVector.fromArray(F, codesInverse, 0);
    FloatVector from = FloatVector.fromArray(F, codesMin, 0);
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
      by.mul(x.sub(from))
          .add(Numbers.MAGIC)
          .reinterpretAsInts()
          .and(Numbers.MANTISSA)
          .sub(Numbers.MAGIC_MANTISSA)
          .min(largest)
          .max(0)
          .blend(0, flat.cast(I))
          .intoArray(cs, i);
    }
    FloatVector.fromArray(F, scale, 0).blend(FloatVector.zero(F), flat).intoArray(scaleOut, 0);
    FloatVector.fromArray(F, min, 0).blend(first, flat).neg().intoArray(minOut, 0);
  }

  @Override
  public void symmetric(
      int run,
      int half,
      float[] x,
      int from,
      float[] weights,
      int runs,
      float[] scales,
      byte[] codes) {
    for (int r = 0; r < runs; r += LANES) {
      int lanes = Math.min(LANES, runs - r);
      turn(x, from + r * run, run, lanes, xs);
      turn(weights, r * run, run, lanes, ws);
      symmetricGroup(run, half);
      System.arraycopy(scaleOut, 0, scales, r, lanes);
      turnBack(run, lanes, codes, r * run);
    }
  }

  /** Of each lane the weight of largest size, of several the first. */
  private void largest(int n) {
    FloatVector size = FloatVector.zero(F);
    FloatVector largest = size;
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
      FloatVector thisSize = x.abs();
      VectorMask<Float> larger = size.lt(thisSize);
      size = size.blend(thisSize, larger);
      largest = largest.blend(x, larger);
    }
    largest.intoArray(most, 0);
  }

  private void symmetricGroup(int run, int half) {
    int n = run * LANES;
    FloatVector zero = FloatVector.zero(F);
    largest(n);
    FloatVector largest = FloatVector.fromArray(F, most, 0);
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
      FloatVector.fromArray(F, ws, i).mul(x).intoArray(ls, i);
    }
    zero.intoArray(scale, 0);
    zero.intoArray(best, 0);
    for (int trial = -TRIALS - 1; trial <= TRIALS; trial++) {
      boolean isFirst = trial < -TRIALS;
      if (trial != 0) {
        float numerator = isFirst ? -half : -(half + 0.1f * trial);
        FloatVector.broadcast(F, numerator).div(largest).intoArray(inverse, 0);
        symmetricSums(n, half);
        symmetricKeep(isFirst);
      }
    }
    symmetricEnd(n, half);
  }

  private void symmetricSums(int n, int half) {
    FloatVector by = FloatVector.fromArray(F, inverse, 0);
    FloatVector lx = FloatVector.zero(F);
    FloatVector l2 = lx;
    for (int i = 0; i < n; i += LANES) {
      FloatVector l =
          (FloatVector)
              by.mul(FloatVector.fromArray(F, xs, i))
                  .add(Numbers.MAGIC)
                  .reinterpretAsInts()
                  .and(Numbers.MANTISSA)
                  .sub(Numbers.MAGIC_MANTISSA)
                  .min(half - 1)
                  .max(-half)
                  .convert(VectorOperators.I2F, 0);
      lx = lx.add(FloatVector.fromArray(F, ls, i).mul(l));
      l2 = l2.add(FloatVector.fromArray(F, ws, i).mul(l).mul(l));
    }
    lx.intoArray(sumXl, 0);
    l2.intoArray(sumL2, 0);
  }

  private void symmetricKeep(boolean isFirst) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector lx = FloatVector.fromArray(F, sumXl, 0);
    FloatVector l2 = FloatVector.fromArray(F, sumL2, 0);
    FloatVector now = FloatVector.fromArray(F, inverse, 0);
    FloatVector newScale = lx.div(l2);
    if (isFirst) {
      FloatVector first = newScale.blend(zero, l2.eq(0));
      first.intoArray(scale, 0);
      first.mul(lx).intoArray(best, 0);
      now.intoArray(codesInverse, 0);
      return;
    }
    FloatVector before = FloatVector.fromArray(F, best, 0);
    VectorMask<Float> better = before.mul(l2).lt(lx.mul(lx)).and(zero.lt(l2));
    FloatVector.fromArray(F, scale, 0).blend(newScale, better).intoArray(scale, 0);
    before.blend(newScale.mul(lx), better).intoArray(best, 0);
    FloatVector.fromArray(F, codesInverse, 0).blend(now, better).intoArray(codesInverse, 0);
  }

  private void symmetricEnd(int n, int half) {
    FloatVector largest = FloatVector.fromArray(F, most, 0);
    VectorMask<Float> nothing = largest.abs().lt(Numbers.NOTHING);
    FloatVector by = FloatVector.fromArray(F, codesInverse, 0);
    for (int i = 0; i < n; i += LANES) {
      by.mul(FloatVector.fromArray(F, xs, i))
          .add(Numbers.MAGIC)
          .reinterpretAsInts()
          .and(Numbers.MANTISSA)
          .sub(Numbers.MAGIC_MANTISSA)
          .min(half - 1)
          .max(-half)
          .add(half)
          .blend(0, nothing.cast(I))
          .intoArray(cs, i);
    }
    FloatVector.fromArray(F, scale, 0).blend(0, nothing).intoArray(scaleOut, 0);
  }

  @Override
  public void descent(
      int run, int half, float[] x, int from, int runs, float[] scales, byte[] codes) {
    for (int r = 0; r < runs; r += LANES) {
      int lanes = Math.min(LANES, runs - r);
      turn(x, from + r * run, run, lanes, xs);
      descentGroup(run, half);
      System.arraycopy(scaleOut, 0, scales, r, lanes);
      turnBack(run, lanes, codes, r * run);
    }
  }

  private void descentGroup(int run, int half) {
    int n = run * LANES;
    FloatVector zero = FloatVector.zero(F);
    largest(n);
    FloatVector largest = FloatVector.fromArray(F, most, 0);
    VectorMask<Float> nothing = largest.abs().lt(Numbers.NOTHING);
    FloatVector inverse = FloatVector.broadcast(F, -half).div(largest);
    FloatVector sumLx = zero;
    FloatVector sumL2 = zero;
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
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
      for (int i = 0; i < n; i += LANES) {
        FloatVector x = FloatVector.fromArray(F, xs, i);
        FloatVector w = x.mul(x);
        FloatVector wx = w.mul(x);
        FloatVector l = FloatVector.fromArray(F, ls, i);
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
    for (int i = 0; i < n; i += LANES) {
      IntVector l = (IntVector) FloatVector.fromArray(F, ls, i).convert(VectorOperators.F2I, 0);
      l.add(half).blend(0, nothing.cast(I)).intoArray(cs, i);
    }
    FloatVector scale = sumLx.div(sumL2).blend(zero, zero.lt(sumL2).not().or(nothing));
    scale.intoArray(scaleOut, 0);
  }

  @Override
  public void table(float[] x, int from, float[] weights, int runs, float[] scales) {
    for (int r = 0; r < runs; r += LANES) {
      int lanes = Math.min(LANES, runs - r);
      turn(x, from + r * 32, 32, lanes, xs);
      turn(weights, r * 32, 32, lanes, ws);
      tableGroup();
      System.arraycopy(scaleOut, 0, scales, r, lanes);
    }
  }

  private static final float[] B = Iq4Values.BOUNDS;
  private static final float[] V = Iq4Values.VALUES;

  private void tableGroup() {
    int n = 32 * LANES;
    largest(n);
    FloatVector largest = FloatVector.fromArray(F, most, 0);
    FloatVector.zero(F).intoArray(scale, 0);
    FloatVector.zero(F).intoArray(best, 0);
    for (int trial = -Iq4Values.TRIALS - 1; trial <= Iq4Values.TRIALS; trial++) {
      boolean isFirst = trial < -Iq4Values.TRIALS;
      FloatVector one = FloatVector.broadcast(F, 1);
      FloatVector inverse0 =
          isFirst
              ? one.div(largest.neg().div(V[0]))
              : FloatVector.broadcast(F, trial + V[0]).div(largest);
      inverse0.intoArray(inverse, 0);
      tableSums(n);
      tableKeep(isFirst);
    }
    VectorMask<Float> nothing = largest.abs().lt(Numbers.NOTHING);
    FloatVector.fromArray(F, scale, 0).blend(0, nothing).intoArray(scaleOut, 0);
  }

  private void tableKeep(boolean isFirst) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector qx = FloatVector.fromArray(F, sumXl, 0);
    FloatVector q2 = FloatVector.fromArray(F, sumL2, 0);
    FloatVector before = FloatVector.fromArray(F, best, 0);
    FloatVector newScale = qx.div(q2);
    VectorMask<Float> counts = zero.lt(q2);
    VectorMask<Float> better = counts;
    if (!isFirst) {
      better = before.mul(q2).lt(qx.mul(qx)).and(counts);
    }
    FloatVector.fromArray(F, scale, 0).blend(newScale, better).intoArray(scale, 0);
    before.blend(newScale.mul(qx), better).intoArray(best, 0);
  }

  /** The nearest of 16 values, by four halvings among the bounds that are left, and sums. */
  private void tableSums(int n) {
    FloatVector by = FloatVector.fromArray(F, inverse, 0);
    FloatVector qx = FloatVector.zero(F);
    FloatVector q2 = qx;
    for (int i = 0; i < n; i += LANES) {
      FloatVector x = FloatVector.fromArray(F, xs, i);
      FloatVector t = by.mul(x);
      t = t.add(t);
      VectorMask<Float> m8 = FloatVector.broadcast(F, B[8]).compare(VectorOperators.LE, t);
      FloatVector b4 = FloatVector.broadcast(F, B[4]).blend(B[12], m8);
      VectorMask<Float> m4 = b4.compare(VectorOperators.LE, t);
      FloatVector b2Low = FloatVector.broadcast(F, B[2]).blend(B[6], m4);
      FloatVector b2High = FloatVector.broadcast(F, B[10]).blend(B[14], m4);
      VectorMask<Float> m2 = b2Low.blend(b2High, m8).compare(VectorOperators.LE, t);
      FloatVector b1 = FloatVector.broadcast(F, B[1]).blend(B[3], m2);
      FloatVector b5 = FloatVector.broadcast(F, B[5]).blend(B[7], m2);
      FloatVector b9 = FloatVector.broadcast(F, B[9]).blend(B[11], m2);
      FloatVector b13 = FloatVector.broadcast(F, B[13]).blend(B[15], m2);
      FloatVector bLow = b1.blend(b5, m4);
      FloatVector bHigh = b9.blend(b13, m4);
      VectorMask<Float> m1 = bLow.blend(bHigh, m8).compare(VectorOperators.LE, t);
      FloatVector v0 = FloatVector.broadcast(F, V[0]).blend(V[1], m1);
      FloatVector v2 = FloatVector.broadcast(F, V[2]).blend(V[3], m1);
      FloatVector v4 = FloatVector.broadcast(F, V[4]).blend(V[5], m1);
      FloatVector v6 = FloatVector.broadcast(F, V[6]).blend(V[7], m1);
      FloatVector v8 = FloatVector.broadcast(F, V[8]).blend(V[9], m1);
      FloatVector v10 = FloatVector.broadcast(F, V[10]).blend(V[11], m1);
      FloatVector v12 = FloatVector.broadcast(F, V[12]).blend(V[13], m1);
      FloatVector v14 = FloatVector.broadcast(F, V[14]).blend(V[15], m1);
      FloatVector vLow = v0.blend(v2, m2).blend(v4.blend(v6, m2), m4);
      FloatVector vHigh = v8.blend(v10, m2).blend(v12.blend(v14, m2), m4);
      FloatVector q = vLow.blend(vHigh, m8);
      FloatVector wq = FloatVector.fromArray(F, ws, i).mul(q);
      qx = qx.add(wq.mul(x));
      q2 = q2.add(wq.mul(q));
    }
    qx.intoArray(sumXl, 0);
    q2.intoArray(sumL2, 0);
  }

  @Override
  public void affineCodes(
      int run,
      int largest,
      float[] x,
      int from,
      float[] scales,
      float[] mins,
      int runs,
      byte[] codes) {
    for (int r = 0; r < runs; r++) {
      float scale = scales[r];
      if (scale != 0) {
        for (int i = 0; i < run; i += LANES) {
          FloatVector value = FloatVector.fromArray(F, x, from + r * run + i);
          value
              .add(mins[r])
              .div(scale)
              .add(Numbers.MAGIC)
              .reinterpretAsInts()
              .and(Numbers.MANTISSA)
              .sub(Numbers.MAGIC_MANTISSA)
              .min(largest)
              .max(0)
              .intoArray(cs, i);
        }
        narrow(run, codes, r * run);
      }
    }
  }

  @Override
  public void symmetricCodes(
      int run, int half, float[] x, int from, float[] scales, int runs, byte[] codes) {
    for (int r = 0; r < runs; r++) {
      float scale = scales[r];
      if (scale != 0) {
        for (int i = 0; i < run; i += LANES) {
          FloatVector value = FloatVector.fromArray(F, x, from + r * run + i);
          value
              .div(scale)
              .add(Numbers.MAGIC)
              .reinterpretAsInts()
              .and(Numbers.MANTISSA)
              .sub(Numbers.MAGIC_MANTISSA)
              .min(half - 1)
              .max(-half)
              .add(half)
              .intoArray(cs, i);
        }
        narrow(run, codes, r * run);
      }
    }
  }

  private void narrow(int run, byte[] codes, int at) {
    for (int i = 0; i < run; i++) {
      codes[at + i] = (byte) cs[i];
    }
  }

  @Override
  public void tableCodes(float[] x, int from, float[] inverses, int runs, byte[] codes) {
    for (int r = 0; r < runs; r++) {
      for (int i = 0; i < 32; i += LANES) {
        FloatVector value = FloatVector.fromArray(F, x, from + r * 32 + i);
        FloatVector t = value.mul(inverses[r]);
        t = t.add(t);
        IntVector code = IntVector.zero(I);
        for (int b = 1; b < B.length; b++) {
          VectorMask<Float> reached = FloatVector.broadcast(F, B[b]).compare(VectorOperators.LE, t);
          code = code.blend(b, reached.cast(I));
        }
        code.intoArray(cs, i);
      }
      narrow(32, codes, r * 32);
    }
  }
}
