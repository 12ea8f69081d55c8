package io.solebox.store.quantize;

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
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final VectorSpecies<Integer> I = Lanes.I;
  private static final int LANES = Lanes.COUNT;
  private static final float[] BOUNDS = Iq4Values.BOUNDS;

  private final Lanes lanes = new Lanes();
  private final AffineLanes affine = new AffineLanes(lanes);
  private final SymmetricLanes symmetric = new SymmetricLanes(lanes);
  private final DescentLanes descent = new DescentLanes(lanes);
  private final TableLanes table = new TableLanes(lanes);
  private final int[] cs = lanes.cs;

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
      int count = Math.min(LANES, runs - r);
      lanes.turn(x, from + r * run, run, count, lanes.xs);
      lanes.turn(weights, r * run, run, count, lanes.ws);
      affine.run(fit);
      System.arraycopy(lanes.scaleOut, 0, scales, r, count);
      System.arraycopy(affine.minOut, 0, mins, r, count);
      lanes.turnBack(run, count, codes, r * run);
    }
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
      int count = Math.min(LANES, runs - r);
      lanes.turn(x, from + r * run, run, count, lanes.xs);
      lanes.turn(weights, r * run, run, count, lanes.ws);
      symmetric.run(run, half);
      System.arraycopy(lanes.scaleOut, 0, scales, r, count);
      lanes.turnBack(run, count, codes, r * run);
    }
  }

  @Override
  public void descent(
      int run, int half, float[] x, int from, int runs, float[] scales, byte[] codes) {
    for (int r = 0; r < runs; r += LANES) {
      int count = Math.min(LANES, runs - r);
      lanes.turn(x, from + r * run, run, count, lanes.xs);
      descent.run(run, half);
      System.arraycopy(lanes.scaleOut, 0, scales, r, count);
      lanes.turnBack(run, count, codes, r * run);
    }
  }

  @Override
  public void table(float[] x, int from, float[] weights, int runs, float[] scales) {
    for (int r = 0; r < runs; r += LANES) {
      int count = Math.min(LANES, runs - r);
      lanes.turn(x, from + r * 32, 32, count, lanes.xs);
      lanes.turn(weights, r * 32, 32, count, lanes.ws);
      table.run();
      System.arraycopy(lanes.scaleOut, 0, scales, r, count);
    }
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
        for (int b = 1; b < BOUNDS.length; b++) {
          VectorMask<Float> reached =
              FloatVector.broadcast(F, BOUNDS[b]).compare(VectorOperators.LE, t);
          code = code.blend(b, reached.cast(I));
        }
        code.intoArray(cs, i);
      }
      narrow(32, codes, r * 32);
    }
  }
}
