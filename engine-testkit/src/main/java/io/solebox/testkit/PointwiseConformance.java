package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The ops that treat each token by itself. */
public interface PointwiseConformance extends BackendUnderTest {
  private static float[][] floats(Weight w) {
    double[][] values = RandomTensors.values(w);
    float[][] out = new float[w.rows()][w.cols()];
    for (int r = 0; r < w.rows(); r++) {
      for (int c = 0; c < w.cols(); c++) {
        out[r][c] = (float) values[r][c];
      }
    }
    return out;
  }

  /** To the bit: of the format in the file, or of that which the backend is given instead. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void embedEqualsScalarTruth(TensorType type) {
    int width = 3 * Math.max(type.blockSize(), 37);
    int cols = width - width % type.blockSize();
    try (Arena arena = Arena.ofShared()) {
      Weight table =
          new RandomTensors(arena, new SplittableRandom(1)).weight("t", 9, cols, type, 1);
      float[][] actual = OneOp.run(this, 9, cols, 0, b -> b.embed(table));
      float[][] expected;
      try (Backend backend = open(1)) {
        expected = floats(backend.embeds().contains(type) ? table : given(backend, table));
      }
      for (int t = 0; t < 9; t++) {
        assertArrayEquals(expected[t], actual[t], type + ", row " + t);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 64", "100, 100", "2048, 2048", "192, 64", "30, 10", "8, 8", "1, 1"})
  default void rmsNormEqualsTruth(int width, int group) {
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(width));
      for (double size : new double[] {1, 1e-6, 1e6, 0}) {
        Weight x = random.gaussian("x", 5, width, size);
        Weight gain = random.gaussian("g", 1, group, 2);
        float[][] actual =
            OneOp.run(this, 5, width, 0, b -> b.rmsNorm("y", b.embed(x), gain, 1e-5f));
        for (int t = 0; t < 5; t++) {
          double[] expected =
              Truth.rmsNorm(RandomTensors.values(x)[t], RandomTensors.values(gain)[0], 1e-5f);
          Truth.assertClose("norm of " + size, expected, actual[t], tolerance());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ADJACENT, 64, 32, 1",
    "HALVES, 64, 32, 1",
    "ADJACENT, 80, 10, 1",
    "HALVES, 80, 10, 1.3",
    "HALVES, 6, 3, 1",
    "ADJACENT, 128, 64, 0.7"
  })
  default void ropeEqualsTruth(Rotation.Pairing pairing, int headDim, int pairs, float magnitude) {
    float[] frequencies = new float[pairs];
    for (int i = 0; i < pairs; i++) {
      frequencies[i] = (float) Math.pow(10000, -(double) i / pairs);
    }
    var rotation = new Rotation(pairing, frequencies, magnitude);
    int width = 3 * headDim;
    try (Arena arena = Arena.ofShared()) {
      Weight x = new RandomTensors(arena, new SplittableRandom(1)).gaussian("x", 9, width, 1);
      for (int position : new int[] {0, 1, 4000}) {
        float[][] actual =
            OneOp.run(this, 9, width, position, b -> b.rope("y", b.embed(x), headDim, rotation));
        for (int t = 0; t < 9; t++) {
          double[] in = RandomTensors.values(x)[t];
          double[] expected = Truth.rope(in, position + t, headDim, rotation);
          Truth.assertClose("position " + (position + t), expected, actual[t], tolerance());
        }
      }
    }
  }

  @Test
  default void swiGluEqualsTruthAtExtremes() {
    double[] gates = {0, -0.0, 1, -1, 100, -100, 20, -20, 1e-20, -1e-20, 87.5, -87.5, 1e4, -1e4};
    int width = 77;
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(1);
      var tensors = new RandomTensors(arena, random);
      for (double gateSize : new double[] {1, 10, 0}) {
        Weight gate =
            tensors.floats(
                "gate",
                3,
                width,
                () ->
                    gateSize == 0
                        ? gates[random.nextInt(gates.length)]
                        : random.nextGaussian() * gateSize);
        Weight up = tensors.gaussian("up", 3, width, 1);
        float[][] actual = OneOp.run(this, 3, width, 0, b -> b.swiGlu(b.embed(gate), b.embed(up)));
        for (int t = 0; t < 3; t++) {
          double[] g = RandomTensors.values(gate)[t];
          double[] u = RandomTensors.values(up)[t];
          double[] expected = Truth.swiGlu(g, u);
          Truth.assertClose("gates of " + gateSize, expected, actual[t], tolerance());
          for (int i = 0; i < width; i++) {
            // Element by element too: a large neighbour must not hide a wrong small one.
            double bound = 3e-6 * Math.abs(expected[i]) + 1e-30;
            assertEquals(expected[i], actual[t][i], bound, "gate " + g[i]);
          }
        }
      }
    }
  }

  @Test
  default void addIsExact() {
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(1));
      Weight x = random.gaussian("x", 5, 4099, 1);
      Weight y = random.gaussian("y", 5, 4099, 1000);
      float[][] actual = OneOp.run(this, 5, 4099, 0, b -> b.add("z", b.embed(x), b.embed(y)));
      for (int t = 0; t < 5; t++) {
        double[] a = RandomTensors.values(x)[t];
        double[] c = RandomTensors.values(y)[t];
        for (int i = 0; i < a.length; i++) {
          assertEquals((float) a[i] + (float) c[i], actual[t][i]);
        }
      }
    }
  }
}
