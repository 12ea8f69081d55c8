package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Functions of single elements, which are checked one by one: a large neighbour must not hide a
 * wrong small one.
 */
public interface GateConformance extends BackendUnderTest {
  int WIDTH = 77;
  int TOKENS = 3;

  /** Zeros, small, usual and large ones of both signs. */
  private static Weight numbers(Arena arena, String name, double largest) {
    double[] sizes = {0, 1e-20, 1e-6, 1e-3, 0.1, 1, 3, 10, 20, 87.5, 100, 1e4};
    var random = new SplittableRandom(name.hashCode());
    return new RandomTensors(arena, random)
        .floats(
            name,
            TOKENS,
            WIDTH,
            () -> {
              double size = Math.min(largest, sizes[random.nextInt(sizes.length)]);
              boolean whole = random.nextInt(3) == 0;
              double value = whole ? size : size * random.nextDouble();
              return random.nextBoolean() ? value : -value;
            });
  }

  private void check(Weight x, Function<GraphBuilder, Value> op, PointwiseTruth.Curve truth) {
    float[][] actual = OneOp.run(this, TOKENS, WIDTH, 0, op);
    for (int t = 0; t < TOKENS; t++) {
      double[] in = RandomTensors.values(x)[t];
      for (int i = 0; i < WIDTH; i++) {
        double bound = PointwiseTruth.bound(truth, in[i]);
        assertEquals(truth.at(in[i]), actual[t][i], bound, "of " + in[i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  default void activationsEqualTruthAtExtremes(Activation activation) {
    try (Arena arena = Arena.ofShared()) {
      Weight x = numbers(arena, "x", 1e4);
      check(
          x,
          b -> b.activate("y", b.embed(x), activation),
          v -> PointwiseTruth.activated(activation, v));
    }
  }

  @Test
  default void factorsAndCapsEqualTruth() {
    try (Arena arena = Arena.ofShared()) {
      Weight x = numbers(arena, "x", 1e4);
      for (float factor : new float[] {0.125f, -3.7f, 1e4f}) {
        check(x, b -> b.scale("y", b.embed(x), factor), v -> v * factor);
        float cap = Math.abs(factor);
        check(
            x,
            b -> b.softCap("y", b.embed(x), Optional.of(cap)),
            v -> PointwiseTruth.softCapped(cap, v));
      }
    }
  }

  private void checkGated(Arena arena, Gating gating) {
    Weight gate = numbers(arena, "gate", 100);
    Weight up = numbers(arena, "up", 100);
    float[][] actual =
        OneOp.run(this, TOKENS, WIDTH, 0, b -> b.gated("y", b.embed(gate), b.embed(up), gating));
    for (int t = 0; t < TOKENS; t++) {
      double[] gates = RandomTensors.values(gate)[t];
      double[] ups = RandomTensors.values(up)[t];
      for (int i = 0; i < WIDTH; i++) {
        double u = ups[i];
        double bound = PointwiseTruth.bound(g -> PointwiseTruth.gated(gating, g, u), gates[i]);
        double expected = PointwiseTruth.gated(gating, gates[i], u);
        assertEquals(expected, actual[t][i], bound, gates[i] + " and " + u);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Activation.class)
  default void gatesEqualTruthAtExtremes(Activation activation) {
    try (Arena arena = Arena.ofShared()) {
      checkGated(arena, new Gating.By(activation));
    }
  }

  @ParameterizedTest
  @CsvSource({"1.702, 7", "1, 0.5", "0.3, 1000"})
  default void clampedGatesEqualTruth(float alpha, float limit) {
    try (Arena arena = Arena.ofShared()) {
      checkGated(arena, new Gating.Clamped(alpha, limit));
    }
  }

  @Test
  default void aVectorMeetsEveryToken() {
    int width = 1030;
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(1));
      Weight x = random.gaussian("x", 5, width, 1);
      Weight vector = random.gaussian("vector", 1, width, 1000);
      float[][] sums = OneOp.run(this, 5, width, 0, b -> b.addVector("y", b.embed(x), vector));
      float[][] products =
          OneOp.run(this, 5, width, 0, b -> b.scaleColumns("y", b.embed(x), vector));
      double[][] in = RandomTensors.values(x);
      double[] v = RandomTensors.values(vector)[0];
      for (int t = 0; t < 5; t++) {
        for (int i = 0; i < width; i++) {
          assertEquals((float) in[t][i] + (float) v[i], sums[t][i]);
          assertEquals((float) in[t][i] * (float) v[i], products[t][i]);
        }
      }
    }
  }

  @Test
  default void rowsHaveFactorsOfTheirOwn() {
    int width = 1030;
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(1));
      Weight x = random.gaussian("x", 5, width, 1);
      Weight factors = random.gaussian("factors", 5, 1, 10);
      float[][] actual =
          OneOp.run(this, 5, width, 0, b -> b.scaleRows("y", b.embed(x), b.embed(factors)));
      for (int t = 0; t < 5; t++) {
        float factor = (float) RandomTensors.values(factors)[t][0];
        for (int i = 0; i < width; i++) {
          assertEquals((float) RandomTensors.values(x)[t][i] * factor, actual[t][i]);
        }
      }
    }
  }

  @Test
  default void rowsGrowWithTheirPosition() {
    int width = 70;
    try (Arena arena = Arena.ofShared()) {
      Weight x = new RandomTensors(arena, new SplittableRandom(1)).gaussian("x", 9, width, 1);
      for (int first : new int[] {0, 5, 4000}) {
        float[][] actual =
            OneOp.run(this, 9, width, first, b -> b.scaleByPosition("y", b.embed(x), 0.1f, 7, 1));
        for (int t = 0; t < 9; t++) {
          double factor = 1 + 0.1 * Math.log(1 + Math.floor((first + t + 1) / 7.0));
          double[] in = RandomTensors.values(x)[t];
          for (int i = 0; i < width; i++) {
            assertEquals(in[i] * factor, actual[t][i], 1e-6 * Math.abs(in[i] * factor));
          }
        }
      }
    }
  }
}
