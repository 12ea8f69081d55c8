package io.solebox.engine.backend.reference;

import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Stack;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Mixtures of experts, token by token. */
final class ReferenceExperts {
  private ReferenceExperts() {}

  static void route(ExpertOp.Route op, float[] logits, int rows, float[] out) {
    int experts = op.logits().width();
    float[] bias = op.bias().map(ReferenceKernels::vector).orElseGet(() -> new float[experts]);
    float[] ones = new float[experts];
    Arrays.fill(ones, 1);
    float[] scale = op.scale().map(ReferenceKernels::vector).orElse(ones);
    for (int t = 0; t < rows; t++) {
      double[] scores = scores(op.routing(), logits, t * experts, experts);
      double[] ranks = new double[experts];
      Arrays.setAll(ranks, x -> scores[x] + bias[x]);
      hideGroups(op.routing(), ranks);
      int[] chosen =
          IntStream.range(0, experts)
              .boxed()
              .sorted(Comparator.comparingDouble(x -> -ranks[x]))
              .limit(op.routing().used())
              .mapToInt(x -> x)
              .toArray();
      double[] shares = shares(op.routing(), scores, chosen);
      Arrays.setAll(shares, j -> shares[j] * scale[chosen[j]]);
      for (int j = 0; j < chosen.length; j++) {
        out[2 * (t * chosen.length + j)] = chosen[j];
        out[2 * (t * chosen.length + j) + 1] = (float) shares[j];
      }
    }
  }

  private static double[] scores(ExpertOp.Routing routing, float[] logits, int at, int n) {
    double[] scores = new double[n];
    Arrays.setAll(scores, x -> logits[at + x]);
    switch (routing.scoring()) {
      case SOFTMAX -> softmax(scores);
      case SIGMOID -> Arrays.setAll(scores, x -> 1 / (1 + Math.exp(-scores[x])));
      case SOFTMAX_OF_CHOSEN -> {
        // of the chosen, later
      }
    }
    return scores;
  }

  private static void softmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    Arrays.setAll(x, i -> Math.exp(x[i] - max));
    double sum = Arrays.stream(x).sum();
    Arrays.setAll(x, i -> x[i] / sum);
  }

  /** Only the groups stay whose best have the highest sums. */
  private static void hideGroups(ExpertOp.Routing routing, double[] ranks) {
    if (routing.usedGroups() >= routing.groups()) {
      return;
    }
    int size = ranks.length / routing.groups();
    double[] best = new double[routing.groups()];
    for (int g = 0; g < best.length; g++) {
      best[g] =
          Arrays.stream(ranks, g * size, (g + 1) * size)
              .boxed()
              .sorted(Comparator.reverseOrder())
              .limit(routing.groupBest())
              .mapToDouble(x -> x)
              .sum();
    }
    IntStream.range(0, best.length)
        .boxed()
        .sorted(Comparator.comparingDouble(g -> -best[g]))
        .skip(routing.usedGroups())
        .forEach(g -> Arrays.fill(ranks, g * size, (g + 1) * size, Double.NEGATIVE_INFINITY));
  }

  private static double[] shares(ExpertOp.Routing routing, double[] scores, int[] chosen) {
    double[] shares = Arrays.stream(chosen).mapToDouble(x -> scores[x]).toArray();
    if (routing.scoring() == ExpertOp.Scoring.SOFTMAX_OF_CHOSEN) {
      softmax(shares);
    }
    double sum = routing.normalized() ? Arrays.stream(shares).sum() : 1;
    Arrays.setAll(shares, j -> shares[j] / sum * routing.scale());
    return shares;
  }

  static void experts(
      ExpertOp.Experts op,
      float[] x,
      float[] routing,
      int rows,
      float[] out,
      ReferenceWatch watch) {
    int width = op.x().width();
    Arrays.fill(out, 0, rows * width, 0);
    for (int t = 0; t < rows; t++) {
      double[] sum = new double[width];
      for (int j = 0; j < op.used(); j++) {
        int expert = (int) routing[2 * (t * op.used() + j)];
        double share = routing[2 * (t * op.used() + j) + 1];
        double[] in = new double[width];
        int from = t * width;
        Arrays.setAll(in, i -> x[from + i] * (op.sharesFirst() ? share : 1));
        double[] y = expert(op, expert, in, watch);
        Arrays.setAll(sum, i -> sum[i] + y[i] * (op.sharesFirst() ? 1 : share));
      }
      for (int i = 0; i < width; i++) {
        out[t * width + i] = (float) sum[i];
      }
    }
  }

  private static double[] expert(
      ExpertOp.Experts op, int expert, double[] x, ReferenceWatch watch) {
    double[] up = product(op.up(), expert, x);
    double[] gate = op.gate().map(g -> product(g, expert, x)).orElse(up);
    double[] ones = new double[up.length];
    Arrays.fill(ones, 1);
    double[] other = op.gate().isPresent() ? up : ones;
    double[] act = new double[up.length];
    Arrays.setAll(act, i -> ReferencePointwise.gated(op.gating(), gate[i], other[i]));
    watch.expert(op, expert, x, act);
    return product(op.down(), expert, act);
  }

  private static double[] product(Stack stack, int expert, double[] x) {
    int rows = stack.rows();
    float[] w = new float[x.length];
    float[] bias =
        stack
            .bias()
            .map(ReferenceKernels::vector)
            .orElseGet(() -> new float[stack.weight().rows()]);
    double[] out = new double[rows];
    for (int r = 0; r < rows; r++) {
      stack.weight().dequantize(stack.firstRow(expert) + r, w, 0);
      double sum = bias[stack.firstRow(expert) + r];
      for (int i = 0; i < x.length; i++) {
        sum += w[i] * x[i];
      }
      out[r] = sum;
    }
    return out;
  }
}
