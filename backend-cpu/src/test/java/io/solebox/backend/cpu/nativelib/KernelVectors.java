package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.VectorFile.doubles;
import static io.solebox.backend.cpu.nativelib.VectorFile.floats;
import static io.solebox.backend.cpu.nativelib.VectorFile.ints;

import io.solebox.backend.cpu.nativelib.VectorFile.Kind;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import io.solebox.testkit.Truth;
import java.io.IOException;
import java.lang.foreign.Arena;
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
        new LinearVectors(file, arena, type).write();
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
