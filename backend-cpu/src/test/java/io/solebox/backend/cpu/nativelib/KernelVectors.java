package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.VectorFile.doubles;
import static io.solebox.backend.cpu.nativelib.VectorFile.floats;
import static io.solebox.backend.cpu.nativelib.VectorFile.ints;

import io.solebox.backend.cpu.nativelib.VectorFile.Kind;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import io.solebox.testkit.Truth;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Writes inputs and true results of all kernels, for {@code src/test/native/harness}. */
final class KernelVectors {
  /** Tokens of most cases. */
  static final int TOKENS = 17;

  private final VectorFile file;
  private final Arena arena;

  private KernelVectors(VectorFile file, Arena arena) {
    this.file = file;
    this.arena = arena;
  }

  static void write(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    try (var file = new VectorFile(path);
        Arena arena = Arena.ofConfined()) {
      var vectors = new KernelVectors(file, arena);
      for (TensorType type : TensorType.values()) {
        vectors.linear(type);
      }
      new AttentionVectors(file, arena).write();
      for (int n : new int[] {1, 7, 64, 100, 2048, 4099}) {
        new PointwiseVectors(file, arena).write(n);
        vectors.answers(n);
      }
      vectors.rope(Rotation.Pairing.ADJACENT, 80, 10);
      vectors.rope(Rotation.Pairing.HALVES, 64, 32);
      vectors.rope(Rotation.Pairing.HALVES, 6, 3);
      new StateVectors(file).write();
    }
  }

  /** Odd numbers of rows; one block, a few, and more than a kernel takes at once. */
  private static int[][] shapes(TensorType type) {
    return switch (type.blockSize()) {
      case 1 -> new int[][] {{1, 1}, {3, 7}, {37, 100}, {18, 771}, {21, 4096}};
      case 32 -> new int[][] {{1, 32}, {3, 96}, {37, 64}, {33, 544}, {50, 4096}};
      case 64, 128 -> new int[][] {{1, 128}, {37, 384}, {33, 1280}, {50, 4096}};
      default -> new int[][] {{1, 256}, {37, 512}, {33, 1280}, {50, 4096}};
    };
  }

  private void linear(TensorType type) throws IOException {
    var tensors = new RandomTensors(arena, new SplittableRandom(type.id()));
    for (int[] shape : shapes(type)) {
      Weight w = tensors.weight("w", shape[0], shape[1], type, 0.1);
      Weight x = tensors.gaussian("x", TOKENS, shape[1], 1);
      Weight bias = tensors.gaussian("b", 1, shape[0], 1);
      linear(w, x, RandomTensors.values(bias)[0]);
      linear(w, x, new double[0]);
    }
  }

  private void linear(Weight w, Weight x, double[] bias) throws IOException {
    double[][] weights = RandomTensors.values(w);
    double[][] inputs = RandomTensors.values(x);
    double squares = Arrays.stream(weights).mapToDouble(row -> Math.pow(Truth.norm(row), 2)).sum();
    double[][] expected = new double[TOKENS][];
    double[] scale = new double[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      expected[t] = Truth.linear(weights, inputs[t], bias);
      // What a row of independent terms has; the norm itself is no measure where terms cancel.
      double typical = Math.sqrt(squares / w.cols()) * Truth.norm(inputs[t]);
      scale[t] = Math.max(Truth.norm(expected[t]), typical);
    }
    file.put(
        Kind.LINEAR,
        new long[] {w.type().id(), w.rows(), w.cols(), TOKENS},
        w.data().toArray(ValueLayout.JAVA_BYTE),
        floats(weights),
        floats(inputs),
        floats(bias),
        doubles(expected),
        doubles(scale));
  }

  private void rope(Rotation.Pairing pairing, int dim, int pairs) throws IOException {
    int heads = 3;
    int position = 1234;
    float[] frequencies = new float[pairs];
    double[] table = new double[2 * pairs];
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = (float) Math.pow(10000, -(double) i / pairs);
      table[i] = Math.cos(position * (double) frequencies[i]);
      table[pairs + i] = Math.sin(position * (double) frequencies[i]);
    }
    var tensors = new RandomTensors(arena, new SplittableRandom(dim));
    double[] x = RandomTensors.values(tensors.gaussian("x", 1, heads * dim, 1))[0];
    var rotation = new Rotation(pairing, frequencies, 1);
    file.put(
        Kind.ROPE,
        new long[] {heads, dim, pairs, pairing == Rotation.Pairing.ADJACENT ? 1 : 0},
        floats(x),
        floats(table),
        doubles(Truth.rope(x, position, dim, rotation)));
  }

  /** Few different values, so that many are equal. */
  private void answers(int n) throws IOException {
    int k = 40;
    var random = new SplittableRandom(n);
    double[] logits = random.ints(n, -100, 100).mapToDouble(i -> i / 8.0).toArray();
    int[] best =
        IntStream.range(0, n)
            .boxed()
            .sorted((i, j) -> Double.compare(logits[j], logits[i]))
            .limit(k)
            .mapToInt(i -> i)
            .toArray();
    double sum = Arrays.stream(logits).map(l -> Math.exp(l - logits[best[0]])).sum();
    double[] sums = {sum};
    file.put(Kind.ANSWERS, new long[] {k}, floats(logits), ints(best), doubles(sums));
  }
}
