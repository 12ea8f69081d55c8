package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What moves elements to other places of a row, norms rows, or reads rows by position. */
public interface LayoutConformance extends BackendUnderTest {
  @ParameterizedTest
  @CsvSource({"10, 10, 3, 4", "24, 8, 0, 5", "24, 8, 7, 1", "2100, 700, 100, 600", "7, 7, 0, 7"})
  default void slicesTakePartsOfEachGroup(int width, int group, int from, int length) {
    int tokens = 5;
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(1));
      Weight x = random.gaussian("x", tokens, width, 1);
      double[][] in = RandomTensors.values(x);
      int out = width / group * length;
      float[][] actual =
          OneOp.run(this, tokens, out, 0, b -> b.slice("y", b.embed(x), group, from, length));
      for (int t = 0; t < tokens; t++) {
        for (int i = 0; i < out; i++) {
          assertEquals(in[t][i / length * group + from + i % length], actual[t][i]);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 2, 9, 3", "6, 2, 3, 3", "5, 5, 7, 7", "1536, 128, 64, 64", "4, 1, 4, 1"})
  default void joinsPutGroupsByTurns(int aWidth, int aGroup, int bWidth, int bGroup) {
    int tokens = 5;
    int groups = aWidth / aGroup;
    int step = aGroup + bGroup;
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(1));
      Weight a = random.gaussian("a", tokens, aWidth, 1);
      Weight other = random.gaussian("b", tokens, bWidth, 1);
      double[][] as = RandomTensors.values(a);
      double[][] bs = RandomTensors.values(other);
      float[][] actual =
          OneOp.run(
              this,
              tokens,
              groups * step,
              0,
              b -> b.join("y", b.embed(a), aGroup, b.embed(other), bGroup));
      for (int t = 0; t < tokens; t++) {
        for (int i = 0; i < groups * step; i++) {
          int g = i / step;
          int at = i % step;
          int bStart = bWidth == bGroup ? 0 : g * bGroup;
          double expected = at < aGroup ? as[t][g * aGroup + at] : bs[t][bStart + at - aGroup];
          assertEquals(expected, actual[t][i]);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, true",
    "100, 100, false",
    "2050, 2050, true",
    "192, 64, false",
    "30, 10, true",
    "8, 8, false",
    "1, 1, true"
  })
  default void layerNormEqualsTruth(int width, int group, boolean withBias) {
    int tokens = 4;
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(width));
      Weight gain = random.gaussian("gain", 1, group, 2);
      Optional<Weight> bias =
          withBias ? Optional.of(random.gaussian("bias", 1, group, 1)) : Optional.empty();
      double[] gains = RandomTensors.values(gain)[0];
      double[] biases = bias.map(w -> RandomTensors.values(w)[0]).orElse(new double[0]);
      for (double size : new double[] {1, 1e-6, 1e6, 0}) {
        Weight x = random.gaussian("x", tokens, width, size);
        float[][] actual =
            OneOp.run(this, tokens, width, 0, b -> b.layerNorm("y", b.embed(x), gain, bias, 1e-5f));
        for (int t = 0; t < tokens; t++) {
          double[] in = RandomTensors.values(x)[t];
          double[] expected = PointwiseTruth.layerNorm(in, gains, biases, 1e-5f);
          Truth.assertClose("norm of " + size, expected, actual[t], tolerance());
        }
      }
    }
  }

  /** The mean is taken away before anything is squared: numbers far from zero keep their digits. */
  @Test
  default void layerNormOfRowsFarFromZero() {
    int width = 96;
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(1);
      var tensors = new RandomTensors(arena, random);
      Weight gain = tensors.gaussian("gain", 1, width, 1);
      // Multiples of 1/16 about 1000, which sums of f32 hold exactly; and a row of equals.
      Weight far = tensors.floats("x", 2, width, () -> 1000 + random.nextInt(64) / 16.0);
      Weight equal = tensors.floats("x", 2, width, () -> 7.25);
      double[] gains = RandomTensors.values(gain)[0];
      for (Weight x : new Weight[] {far, equal}) {
        float[][] actual =
            OneOp.run(
                this,
                2,
                width,
                0,
                b -> b.layerNorm("y", b.embed(x), gain, Optional.empty(), 1e-5f));
        for (int t = 0; t < 2; t++) {
          double[] in = RandomTensors.values(x)[t];
          double[] expected = PointwiseTruth.layerNorm(in, gains, new double[0], 1e-5f);
          // The mean itself is rounded, by half of 6e-5 at 1000.
          Truth.assertClose("far from zero", expected, actual[t], 1e-4, Truth.norm(gains));
        }
      }
    }
  }

  /** To the bit. */
  @ParameterizedTest
  @CsvSource({"F32, 37", "F16, 100"})
  default void positionsPickRowsOfATable(TensorType type, int width) {
    try (Arena arena = Arena.ofShared()) {
      Weight table =
          new RandomTensors(arena, new SplittableRandom(1)).weight("t", 40, width, type, 1);
      Weight x = new RandomTensors(arena, new SplittableRandom(2)).gaussian("x", 9, width, 1);
      double[][] rows = RandomTensors.values(table);
      for (int first : new int[] {0, 5, 31}) {
        float[][] actual =
            OneOp.run(this, 9, width, first, b -> b.add("y", b.embed(x), b.embedPosition(table)));
        for (int t = 0; t < 9; t++) {
          double[] in = RandomTensors.values(x)[t];
          for (int i = 0; i < width; i++) {
            assertEquals((float) in[i] + (float) rows[first + t][i], actual[t][i]);
          }
        }
      }
    }
  }
}
