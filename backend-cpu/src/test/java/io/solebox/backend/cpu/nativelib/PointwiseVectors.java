package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.VectorFile.doubles;
import static io.solebox.backend.cpu.nativelib.VectorFile.floats;
import static io.solebox.backend.cpu.nativelib.VectorFile.real;

import io.solebox.backend.cpu.nativelib.VectorFile.Kind;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Gating;
import io.solebox.testkit.PointwiseTruth;
import io.solebox.testkit.RandomTensors;
import io.solebox.testkit.Truth;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Sums, norms, activations and gates. */
record PointwiseVectors(VectorFile file, Arena arena) {
  private static final float EPSILON = 1e-5f;

  /** Ends of ranges, and where formulas change. */
  private static final float[] EDGES = {
    0f, -0f, 1e-20f, -1e-20f, 0.25f, -0.25f, 20, -20, 87.5f, -87.5f, 88.5f, -89, 1000, -1000
  };

  /** As {@code enum activation} of {@code solebox_cpu.h}, behind those of {@link Activation}. */
  private static final int SCALE = CpuBindings.SCALE;

  private static final int SOFT_CAP = CpuBindings.SOFT_CAP;

  /** A function of one number, and how near a kernel must come. */
  private record Curve(int number, float parameter, PointwiseTruth.Curve truth) {}

  void write(int n) throws IOException {
    double[] a = numbers("a", n, 10);
    double[] b = numbers("b", n, 1);
    double[] sum = new double[n];
    Arrays.setAll(sum, i -> (float) a[i] + (float) b[i]);
    file.put(Kind.ADD, new long[0], floats(a), floats(b), floats(sum));
    file.put(Kind.NORM, new long[0], floats(a), floats(b), doubles(Truth.rmsNorm(a, b, EPSILON)));
    layerNorm(a, b, numbers("bias", n, 1));
    layerNorm(a, b, new double[0]);
    double[] spread = withEdges(a);
    for (Activation activation : Activation.values()) {
      activate(
          spread, new Curve(activation.ordinal(), 0, x -> PointwiseTruth.activated(activation, x)));
      gated(spread, b, new Gating.By(activation));
    }
    activate(spread, new Curve(SCALE, -0.7f, x -> -0.7f * x));
    activate(spread, new Curve(SOFT_CAP, 30, x -> 30 * Math.tanh(x / 30)));
    gated(spread, numbers("up", n, 10), new Gating.Clamped(1.702f, 7));
  }

  private double[] numbers(String name, int n, double deviation) {
    var tensors = new RandomTensors(arena, new SplittableRandom(n + name.hashCode()));
    return RandomTensors.values(tensors.gaussian(name, 1, n, deviation))[0];
  }

  private static double[] withEdges(double[] x) {
    double[] some = x.clone();
    for (int i = 0; i < EDGES.length && 2 * i < x.length; i++) {
      some[2 * i] = EDGES[i];
    }
    return some;
  }

  private void layerNorm(double[] x, double[] gain, double[] bias) throws IOException {
    file.put(
        Kind.LAYER_NORM,
        new long[0],
        floats(x),
        floats(gain),
        doubles(PointwiseTruth.layerNorm(x, gain, bias, EPSILON)),
        floats(bias));
  }

  private void activate(double[] x, Curve curve) throws IOException {
    file.put(
        Kind.ACTIVATE,
        new long[] {curve.number(), real(curve.parameter())},
        floats(x),
        VectorFile.NONE,
        doubles(Arrays.stream(x).map(curve.truth()::at).toArray()),
        doubles(Arrays.stream(x).map(v -> PointwiseTruth.bound(curve.truth(), v)).toArray()));
  }

  private void gated(double[] gate, double[] up, Gating gating) throws IOException {
    double[] bounds = new double[gate.length];
    Arrays.setAll(
        bounds, i -> PointwiseTruth.bound(g -> PointwiseTruth.gated(gating, g, up[i]), gate[i]));
    byte[] expected = doubles(PointwiseTruth.gated(gating, gate, up));
    switch (gating) {
      case Gating.By(Activation a) ->
          file.put(
              Kind.GATED,
              new long[] {a.ordinal()},
              floats(gate),
              floats(up),
              expected,
              doubles(bounds));
      case Gating.Clamped(float alpha, float limit) ->
          file.put(
              Kind.CLAMPED,
              new long[] {real(alpha), real(limit)},
              floats(gate),
              floats(up),
              expected,
              doubles(bounds));
    }
  }
}
