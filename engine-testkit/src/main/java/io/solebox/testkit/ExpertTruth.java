package io.solebox.testkit;

import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Routing;
import io.solebox.engine.graph.ExpertOp.Scoring;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Mixtures of experts in f64. */
final class ExpertTruth {
  private ExpertTruth() {}

  /** An expert and how much of it. */
  record Choice(int expert, double share) {}

  /**
   * @param bias an empty one is none
   */
  static List<Choice> route(Routing routing, double[] logits, double[] bias) {
    int n = logits.length;
    double[] scores =
        switch (routing.scoring()) {
          case SOFTMAX -> softmax(logits);
          case SIGMOID -> Arrays.stream(logits).map(x -> 1 / (1 + Math.exp(-x))).toArray();
          case SOFTMAX_OF_CHOSEN -> logits.clone();
        };
    double[] ranks =
        IntStream.range(0, n)
            .mapToDouble(x -> scores[x] + (bias.length == 0 ? 0 : bias[x]))
            .toArray();
    int size = n / routing.groups();
    List<Integer> groups =
        highest(
            IntStream.range(0, routing.groups())
                .mapToDouble(
                    g -> best(Arrays.copyOfRange(ranks, g * size, (g + 1) * size), routing))
                .toArray(),
            routing.usedGroups());
    double[] open =
        IntStream.range(0, n)
            .mapToDouble(x -> groups.contains(x / size) ? ranks[x] : Double.NEGATIVE_INFINITY)
            .toArray();
    List<Integer> chosen = highest(open, routing.used());
    double[] shares = chosen.stream().mapToDouble(x -> scores[x]).toArray();
    if (routing.scoring() == Scoring.SOFTMAX_OF_CHOSEN) {
      shares = softmax(shares);
    }
    double sum = routing.normalized() ? DoubleStream.of(shares).sum() : 1;
    var choices = new ArrayList<Choice>();
    for (int j = 0; j < shares.length; j++) {
      choices.add(new Choice(chosen.get(j), shares[j] / sum * routing.scale()));
    }
    return choices;
  }

  /** Where the highest are, the highest first; of equals the first. */
  private static List<Integer> highest(double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> values[i]).reversed())
        .limit(count)
        .toList();
  }

  private static double best(double[] values, Routing routing) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Arrays.stream(sorted).skip(Math.max(0, sorted.length - routing.groupBest())).sum();
  }

  private static double[] softmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    double sum = Arrays.stream(x).map(v -> Math.exp(v - max)).sum();
    return Arrays.stream(x).map(v -> Math.exp(v - max) / sum).toArray();
  }

  /** The matrices of a mixture, dequantized once. */
  static final class Mixture {
    private final ExpertOp.Experts op;
    private final List<double[][]> weights; // gate where there is one, up, down
    private final List<double[]> biases;
    private final BackendUnderTest test;

    /**
     * @param test says what products make of their input
     */
    Mixture(ExpertOp.Experts op, BackendUnderTest test) {
      this.op = op;
      this.test = test;
      this.weights = op.stacks().stream().map(s -> RandomTensors.values(s.weight())).toList();
      this.biases = op.stacks().stream().map(s -> vector(s.bias())).toList();
    }

    private static double[] vector(Optional<Weight> bias) {
      return bias.map(b -> RandomTensors.values(b.flat())[0]).orElse(new double[0]);
    }

    /** Each expert's part of the result. */
    List<double[]> parts(double[] x, List<Choice> choices) {
      return choices.stream().map(c -> part(x, c)).toList();
    }

    private double[] part(double[] x, Choice choice) {
      double before = op.sharesFirst() ? choice.share() : 1;
      double after = op.sharesFirst() ? 1 : choice.share();
      double[] in = Arrays.stream(x).map(v -> v * before).toArray();
      double[] up = product(weights.size() - 2, choice.expert(), in);
      double[] act;
      if (op.gate().isPresent()) {
        act = PointwiseTruth.gated(op.gating(), product(0, choice.expert(), in), up);
      } else {
        var activation = ((Gating.By) op.gating()).activation();
        act = Arrays.stream(up).map(v -> PointwiseTruth.activated(activation, v)).toArray();
      }
      double[] down = product(weights.size() - 1, choice.expert(), act);
      return Arrays.stream(down).map(v -> v * after).toArray();
    }

    private double[] product(int which, int expert, double[] x) {
      Stack stack = op.stacks().get(which);
      int first = stack.firstRow(expert);
      double[][] rows = Arrays.copyOfRange(weights.get(which), first, first + stack.rows());
      double[] bias = biases.get(which);
      double[] own =
          bias.length == 0 ? bias : Arrays.copyOfRange(bias, first, first + stack.rows());
      return Truth.linear(rows, test.activations(stack.weight().type(), x), own);
    }
  }
}
