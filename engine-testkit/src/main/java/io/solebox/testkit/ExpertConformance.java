package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Transcoding;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.ExpertTruth.Choice;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ExpertOp.Experts}: choices come from a table, so that every pattern of them occurs. */
public interface ExpertConformance extends BackendUnderTest {
  int EXPERTS = 8;
  int USED = 3;
  int MOST = 100;

  /** The sizes of a mixture: of what goes through it, and within an expert. */
  record Sizes(int width, int inner) {
    static Sizes of(TensorType type) {
      return switch (type.blockSize()) {
        case 1 -> new Sizes(52, 37);
        case 32 -> new Sizes(96, 64);
        default -> new Sizes(256, 256);
      };
    }
  }

  /** How the mixture is made up, beside its format and its sizes. */
  enum Form {
    PLAIN(true, false, false, false, new Gating.By(Activation.SILU)),
    UNGATED(false, false, false, false, new Gating.By(Activation.RELU_SQUARED)),
    BIASED(true, true, false, false, new Gating.Clamped(1.702f, 7)),
    STACKED(true, true, true, false, new Gating.By(Activation.GELU)),
    SHARES_FIRST(true, false, false, true, new Gating.By(Activation.SILU));

    final boolean gate;
    final boolean bias;
    final boolean stacked;
    final boolean sharesFirst;
    final Gating gating;

    Form(boolean gate, boolean bias, boolean stacked, boolean sharesFirst, Gating gating) {
      this.gate = gate;
      this.bias = bias;
      this.stacked = stacked;
      this.sharesFirst = sharesFirst;
      this.gating = gating;
    }
  }

  private static List<Choice> scattered(int t) {
    var random = new Random(t);
    var experts = new ArrayList<>(IntStream.range(0, EXPERTS).boxed().toList());
    Collections.shuffle(experts, random);
    // Nobody ever takes the last expert.
    experts.remove(Integer.valueOf(EXPERTS - 1));
    return IntStream.range(0, USED)
        .mapToObj(j -> new Choice(experts.get(j), (float) random.nextDouble()))
        .toList();
  }

  private static List<Choice> allTheSame(int t) {
    return List.of(new Choice(6, 0.5), new Choice(2, 0.25), new Choice(7, 0.125));
  }

  /** A graph with a mixture, and what it must give. */
  final class Case {
    final Graph graph;
    private final double[][] x;
    private final IntFunction<List<Choice>> choices;
    private final ExpertTruth.Mixture truth;

    Case(
        BackendUnderTest backends,
        Arena arena,
        Backend backend,
        TensorType type,
        Form form,
        Sizes sizes,
        IntFunction<List<Choice>> choices) {
      this.choices = choices;
      var random = new RandomTensors(arena, new SplittableRandom(type.id()));
      Weight inputs = random.gaussian("x", MOST, sizes.width(), 1);
      this.x = RandomTensors.values(inputs);
      double size = 1 / Math.sqrt(sizes.width());
      int inner = sizes.inner();
      Stack up = stack(random, "up", form, 2 * inner, inner, sizes.width(), type, size);
      Stack gate = new Stack(up.weight(), EXPERTS, 0, inner, up.bias());
      if (!form.stacked) {
        up = stack(random, "up", form, inner, 0, sizes.width(), type, size);
        gate = stack(random, "gate", form, inner, 0, sizes.width(), type, size);
      }
      Stack down = stack(random, "down", form, sizes.width(), 0, inner, type, size);
      var b = new GraphBuilder();
      Value y =
          b.experts(
              b.embed(inputs),
              b.embed(table(random)),
              form.gate ? Optional.of(gate) : Optional.empty(),
              up,
              down,
              form.gating,
              form.sharesFirst);
      Value rows = b.selectRows(y);
      this.graph = Transcoding.of(b.build(rows, rows), backend, Activations.AUTO).graph();
      this.truth =
          new ExpertTruth.Mixture(
              graph.ops().stream()
                  .filter(ExpertOp.Experts.class::isInstance)
                  .map(ExpertOp.Experts.class::cast)
                  .findFirst()
                  .orElseThrow(),
              backends);
    }

    private static Stack stack(
        RandomTensors random,
        String name,
        Form form,
        int step,
        int from,
        int cols,
        TensorType type,
        double size) {
      Weight w = random.weight(name, EXPERTS * step, cols, type, size);
      Optional<Weight> bias =
          form.bias
              ? Optional.of(random.gaussian(name + " bias", 1, EXPERTS * step, 0.3))
              : Optional.empty();
      return new Stack(w, EXPERTS, from, step - from, bias);
    }

    private Weight table(RandomTensors random) {
      var numbers =
          IntStream.range(0, MOST)
              .boxed()
              .flatMap(t -> choices.apply(t).stream())
              .flatMap(c -> List.of((double) c.expert(), c.share()).stream())
              .iterator();
      return random.floats("routing", MOST, 2 * USED, numbers::next);
    }

    void check(String what, float[][] actual, double tolerance) {
      for (int t = 0; t < actual.length; t++) {
        List<double[]> parts = truth.parts(x[t], choices.apply(t));
        double[] expected = new double[x[t].length];
        double squares = 0;
        for (double[] part : parts) {
          squares += Math.pow(Truth.norm(part), 2);
          for (int i = 0; i < expected.length; i++) {
            expected[i] += part[i];
          }
        }
        // Parts may cancel; each has errors of its own.
        double scale = Math.max(Truth.norm(expected), Math.sqrt(squares));
        String place = what + ", token " + t + " of " + actual.length;
        Truth.assertClose(place, expected, actual[t], tolerance, scale);
      }
    }
  }

  private static float[][] run(Backend backend, Case test, int tokens, Sizes sizes) {
    var limits = GraphRunner.limits(tokens, Math.max(tokens, 32), 1, KvType.F32);
    try (var runner = new GraphRunner(backend, test.graph, limits, sizes.width())) {
      return runner.rows(tokens);
    }
  }

  /**
   * Two products, each with its own rounding, and a gate between that makes more of it. What goes
   * into the second is known to rounding alone, which is a step of 8 bits now and then.
   */
  private double bound(TensorType type) {
    return type.isQuantized() ? Math.max(6e-2, tolerance(type)) : 4 * tolerance(type);
  }

  private void check(
      TensorType type, Form form, IntFunction<List<Choice>> choices, int... tokenCounts) {
    Sizes sizes = Sizes.of(type);
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var test = new Case(this, arena, backend, type, form, sizes, choices);
      for (int tokens : tokenCounts) {
        float[][] actual = run(backend, test, tokens, sizes);
        test.check(type + " " + form, actual, bound(type));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F32", "F16", "BF16", "Q8_0", "Q4_K", "Q6_K"})
  default void expertsEqualTruth(TensorType type) {
    check(type, Form.PLAIN, ExpertConformance::scattered, 1, 2, 17, MOST);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  default void formsOfExpertsEqualTruth(Form form) {
    for (TensorType type : List.of(TensorType.F32, TensorType.Q8_0, TensorType.Q4_K)) {
      check(type, form, ExpertConformance::scattered, 1, 5, 19);
    }
  }

  @Test
  default void allTokensMayTakeTheSameExperts() {
    for (TensorType type : List.of(TensorType.F32, TensorType.Q8_0)) {
      check(type, Form.PLAIN, ExpertConformance::allTheSame, 1, 8, MOST);
    }
  }

  @ParameterizedTest
  @CsvSource({"F32", "F16", "Q8_0", "Q4_K", "Q6_K"})
  default void expertsAreBatchInvariant(TensorType type) {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    Sizes sizes = Sizes.of(type);
    try (Arena arena = Arena.ofShared()) {
      float[][] expected = new float[0][];
      for (int threads : threadCounts()) {
        try (Backend backend = open(threads)) {
          var test =
              new Case(
                  this, arena, backend, type, Form.BIASED, sizes, ExpertConformance::scattered);
          for (int tokens : new int[] {MOST, 1, 2, 17}) {
            float[][] actual = run(backend, test, tokens, sizes);
            expected = expected.length == 0 ? actual : expected;
            for (int t = 0; t < tokens; t++) {
              assertArrayEquals(expected[t], actual[t], threads + " threads, T=" + tokens);
            }
          }
        }
      }
    }
  }
}
