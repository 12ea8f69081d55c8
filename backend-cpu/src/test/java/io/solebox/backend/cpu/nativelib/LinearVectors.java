package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.VectorFile.doubles;
import static io.solebox.backend.cpu.nativelib.VectorFile.floats;

import io.solebox.backend.cpu.nativelib.VectorFile.Kind;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import io.solebox.testkit.Truth;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Cases of products with weights of one format. */
final class LinearVectors {
  private static final int TOKENS = KernelVectors.TOKENS;

  private final VectorFile file;
  private final Arena arena;
  private final TensorType type;
  private final RandomTensors tensors;

  LinearVectors(VectorFile file, Arena arena, TensorType type) {
    this.file = file;
    this.arena = arena;
    this.type = type;
    this.tensors = new RandomTensors(arena, new SplittableRandom(type.id()));
  }

  void write() throws IOException {
    for (int[] shape : shapes()) {
      Weight w = tensors.weight("w", shape[0], shape[1], type, 0.1);
      Weight x = tensors.gaussian("x", TOKENS, shape[1], 1);
      Weight bias = tensors.gaussian("b", 1, shape[0], 1);
      write(w, x, RandomTensors.values(bias)[0]);
      write(w, x, new double[0]);
    }
    if (type.isQuantized()) {
      writeExtremes();
    }
  }

  /** Odd numbers of rows; one block, a few, and more than a kernel takes at once. */
  private int[][] shapes() {
    return switch (type.blockSize()) {
      case 1 -> new int[][] {{1, 1}, {3, 7}, {37, 100}, {18, 771}, {21, 4096}};
      case 32 -> new int[][] {{1, 32}, {3, 96}, {37, 64}, {33, 544}, {50, 4096}};
      case 64, 128 -> new int[][] {{1, 128}, {37, 384}, {33, 1280}, {50, 4096}};
      default -> new int[][] {{1, 256}, {37, 512}, {33, 1280}, {50, 4096}};
    };
  }

  /** Weights and activations at the ends of what they can be; each kind of scale by itself. */
  private void writeExtremes() throws IOException {
    var weights = new ExtremeWeights(arena, new SplittableRandom(type.id()));
    int cols = type.blockSize() * (type.blockSize() < 128 ? 7 : 2);
    Weight x = tensors.floats("x", TOKENS, cols, new ExtremeActivations(cols));
    for (var scale : ExtremeWeights.Scale.values()) {
      for (int i = 0; i < 3; i++) {
        write(weights.weight(19, cols, type, scale), x, new double[0]);
      }
    }
  }

  private void write(Weight w, Weight x, double[] bias) throws IOException {
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
}
