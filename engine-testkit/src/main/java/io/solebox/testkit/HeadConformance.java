package io.solebox.testkit;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code Op.HeadLinear}: a matrix of its own for each head. Quantized ones have a multiple of 16
 * rows, as those of models do.
 */
public interface HeadConformance extends BackendUnderTest {
  @ParameterizedTest
  @CsvSource({
    "F32, 3, 7, 20",
    "F32, 1, 5, 1",
    "F16, 4, 64, 24",
    "BF16, 2, 33, 40",
    "Q8_0, 3, 48, 96",
    "Q8_0, 4, 64, 32",
    "Q4_K, 2, 16, 256",
    "Q6_K, 2, 64, 256"
  })
  default void eachHeadHasAMatrixOfItsOwn(TensorType type, int heads, int rows, int cols) {
    int most = 70;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(type.id()));
      Weight w = given(backend, random.weight("w", heads * rows, cols, type, 0.1));
      Weight x = random.gaussian("x", most, heads * cols, 1);
      double[][] weights = RandomTensors.values(w);
      double[][] inputs = RandomTensors.values(x);
      var b = new GraphBuilder();
      Value out = b.selectRows(b.headLinear("y", b.embed(x), w, heads));
      for (int tokens : new int[] {1, 3, 8, most}) {
        var limits = GraphRunner.limits(tokens, Math.max(tokens, 32), 1, KvType.F32);
        try (var runner = new GraphRunner(backend, b.build(out, out), limits, heads * rows)) {
          float[][] actual = runner.rows(tokens);
          for (int t = 0; t < tokens; t++) {
            for (int h = 0; h < heads; h++) {
              double[][] own = Arrays.copyOfRange(weights, h * rows, (h + 1) * rows);
              double[] in = Arrays.copyOfRange(inputs[t], h * cols, (h + 1) * cols);
              double[] expected = Truth.linear(own, activations(w.type(), in), new double[0]);
              double scale = Math.max(Truth.norm(expected), typical(own, in));
              String what = "%s, head %d, token %d of %d".formatted(type, h, t, tokens);
              double few = 1 + 2 / Math.sqrt(rows);
              float[] got = Arrays.copyOfRange(actual[t], h * rows, (h + 1) * rows);
              Truth.assertClose(what, expected, got, tolerance(w.type()) * few, scale);
            }
          }
        }
      }
    }
  }

  /** What a product of independent terms has; its norm is no measure where terms cancel. */
  private static double typical(double[][] weights, double[] x) {
    double squares = Arrays.stream(weights).mapToDouble(w -> Math.pow(Truth.norm(w), 2)).sum();
    return Math.sqrt(squares / x.length) * Truth.norm(x);
  }
}
