package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.VectorFile.doubles;
import static io.solebox.backend.cpu.nativelib.VectorFile.floats;
import static io.solebox.backend.cpu.nativelib.VectorFile.real;

import io.solebox.backend.cpu.nativelib.VectorFile.Kind;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import io.solebox.testkit.Truth;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** The last tokens of a sequence over all that it has kept. */
record AttentionVectors(VectorFile file, Arena arena) {
  private static final int ALL = Integer.MAX_VALUE;
  private static final Mask CAUSAL = new Mask.Causal();

  /**
   * @param sinks one per query head, or empty
   * @param slopes likewise
   */
  private record PerHead(double[] sinks, double[] slopes) {
    static final PerHead NONE = new PerHead(new double[0], new double[0]);
  }

  void write() throws IOException {
    for (TensorType cache : new TensorType[] {TensorType.F32, TensorType.F16, TensorType.Q8_0}) {
      put(cache, shape(2, 4, 64, CAUSAL), 70);
      put(cache, shape(1, 3, 96, CAUSAL), 19);
      put(cache, shape(2, 1, 32, CAUSAL), 560);
      put(cache, shape(2, 2, 32, new Mask.Bidirectional()), 41);
      put(cache, shape(1, 8, 128, new Mask.SlidingWindow(300)), 700);
      put(cache, shape(1, 2, 64, new Mask.SlidingWindow(5)), 270);
      put(cache, shape(2, 2, 32, new Mask.Chunked(50)), 275);
      put(cache, shape(1, 2, 64, new Mask.Around(20)), 300);
      put(cache, shape(1, 2, 64, CAUSAL).withValueDim(32), 90);
      put(cache, shape(1, 2, 32, CAUSAL).withSoftCap(Optional.of(1.5f)), 90);
      put(cache, latent(5, 96, 64), 75);
      own(cache);
    }
    put(TensorType.F16, shape(2, 2, 20, CAUSAL), 65);
    put(TensorType.F32, shape(1, 3, 64, new Mask.Bidirectional()), 530);
    put(TensorType.F32, shape(1, 5, 8, new Mask.SlidingWindow(33)), 300);
    put(TensorType.F32, shape(1, 3, 20, CAUSAL).withValueDim(50), 40);
    put(TensorType.F32, shape(1, 1, 16, new Mask.Chunked(256)), 257);
  }

  /** What heads have of their own: sinks that take a share, all or nothing; slopes, and both. */
  private void own(TensorType cache) throws IOException {
    double[] sinks = {3, 1000, -1000, -1e30};
    double[] slopes = {0.5, 0, 0.01f, 4000};
    var alone = new double[0];
    put(cache, shape(2, 2, 32, CAUSAL), new PerHead(sinks, alone), 290);
    put(cache, shape(2, 2, 64, CAUSAL), new PerHead(alone, slopes), 290);
    put(cache, shape(1, 4, 32, new Mask.Bidirectional()), new PerHead(alone, slopes), 270);
    var capped = shape(2, 2, 32, new Mask.SlidingWindow(40)).withSoftCap(Optional.of(2f));
    put(cache, capped, new PerHead(sinks, slopes), 60);
    put(cache, latent(4, 96, 64), new PerHead(sinks, slopes), 60);
  }

  private static AttentionShape shape(int kvHeads, int headsPerKv, int dim, Mask mask) {
    return new AttentionShape(kvHeads * headsPerKv, kvHeads, dim, scale(dim), mask);
  }

  private static AttentionShape latent(int heads, int dim, int valueDim) {
    return new AttentionShape(heads, 1, dim, valueDim, scale(dim), Optional.empty(), CAUSAL, true);
  }

  private static float scale(int dim) {
    return (float) (1 / Math.sqrt(dim));
  }

  private void put(TensorType cache, AttentionShape shape, int positions) throws IOException {
    put(cache, shape, PerHead.NONE, positions);
  }

  private void put(TensorType cache, AttentionShape shape, PerHead own, int positions)
      throws IOException {
    var random = new SplittableRandom(shape.headDim() + positions);
    var tensors = new RandomTensors(arena, random);
    int heads = shape.numHeads();
    int kvHeads = shape.numKvHeads();
    // Tiles of rows are the same for more tokens where heads share keys and values.
    int tokens = Math.min(positions, heads / kvHeads > 4 ? 9 : KernelVectors.TOKENS);
    double[][] q = RandomTensors.values(tensors.gaussian("q", tokens, heads * shape.headDim(), 2));
    double[][] k = kept(tensors, random, positions, kvHeads * shape.headDim());
    double[][] v =
        shape.latent() ? k : kept(tensors, random, positions, kvHeads * shape.valueDim());
    int[] sight = sight(shape.mask());
    file.put(
        Kind.ATTENTION,
        new long[] {
          cache.id(),
          kvHeads,
          heads / kvHeads,
          shape.headDim(),
          shape.valueDim(),
          shape.latent() ? 1 : 0,
          sight[0],
          sight[1],
          sight[2],
          real(shape.softCap().orElse(0f)),
          positions,
          tokens
        },
        floats(q),
        floats(k),
        shape.latent() ? VectorFile.NONE : floats(v),
        doubles(truth(shape, own, q, k, v)),
        floats(own.sinks()),
        floats(own.slopes()));
  }

  private static double[][] truth(
      AttentionShape shape, PerHead own, double[][] q, double[][] k, double[][] v) {
    int d = shape.headDim();
    int dv = shape.valueDim();
    double[][] expected = new double[q.length][shape.numHeads() * dv];
    for (int t = 0; t < q.length; t++) {
      for (int head = 0; head < shape.numHeads(); head++) {
        int kv = head / (shape.numHeads() / shape.numKvHeads());
        double[] result =
            Truth.attention(
                Arrays.copyOfRange(q[t], head * d, (head + 1) * d),
                Truth.parts(k, kv * d, d),
                Truth.parts(v, kv * (shape.latent() ? d : dv), dv),
                k.length - q.length + t,
                k.length - 1,
                shape,
                own.sinks().length == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(own.sinks()[head]),
                own.slopes().length == 0 ? 0 : own.slopes()[head]);
        System.arraycopy(result, 0, expected[t], head * dv, dv);
      }
    }
    return expected;
  }

  /** How far a token sees before it and behind it, and its chunk. */
  private static int[] sight(Mask mask) {
    return switch (mask) {
      case Mask.Causal _ -> new int[] {ALL, 0, ALL};
      case Mask.SlidingWindow(int tokens) -> new int[] {tokens - 1, 0, ALL};
      case Mask.Chunked(int tokens) -> new int[] {ALL, 0, tokens};
      case Mask.Around(int reach) -> new int[] {reach, reach, ALL};
      case Mask.Bidirectional _ -> new int[] {ALL, ALL, ALL};
    };
  }

  private static double[][] kept(
      RandomTensors tensors, SplittableRandom random, int positions, int width) {
    return RandomTensors.values(tensors.floats("kept", positions, width, exact(random)));
  }

  /** Multiples of 1/64 up to 127/64, and in every 32 the largest: all cache types keep each bit. */
  private static DoubleSupplier exact(SplittableRandom random) {
    int[] count = {0};
    return () -> count[0]++ % 32 == 5 ? 127 / 64.0 : (random.nextInt(255) - 127) / 64.0;
  }
}
