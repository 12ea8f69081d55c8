package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.EmbedKernel;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.ExpertOp.Routing;
import io.solebox.engine.graph.ExpertOp.Scoring;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/**
 * Chooses a token's experts. In f64, so that no choice hangs on how e^x was rounded.
 *
 * @param bias empty for none
 * @param scale of each expert's shares, or empty for none
 * @param perWorker scores, and what is chosen by, of one token
 */
record RouteStep(
    Routing routing, Buffer logits, Buffer out, float[] bias, float[] scale, double[][][] perWorker)
    implements RowStep {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  static RouteStep of(ExpertOp.Route op, Buffer logits, Buffer out, int threads) {
    return new RouteStep(
        op.routing(),
        logits,
        out,
        vector(op.bias()),
        vector(op.scale()),
        new double[threads][2][op.logits().width()]);
  }

  private static float[] vector(Optional<Weight> weight) {
    return weight.map(EmbedKernel::vector).orElseGet(() -> new float[0]);
  }

  @Override
  public void run(int t, Frame frame, int worker) {
    double[] scores = perWorker[worker][0];
    double[] ranks = perWorker[worker][1];
    for (int x = 0; x < scores.length; x++) {
      scores[x] = logits.data().get(FLOAT, logits.at(t) + 4L * x);
    }
    switch (routing.scoring()) {
      case SOFTMAX -> softmax(scores, scores.length);
      case SIGMOID -> {
        for (int x = 0; x < scores.length; x++) {
          scores[x] = 1 / (1 + Math.exp(-scores[x]));
        }
      }
      case SOFTMAX_OF_CHOSEN -> {
        // of the chosen, below
      }
    }
    for (int x = 0; x < ranks.length; x++) {
      ranks[x] = bias.length == 0 ? scores[x] : scores[x] + bias[x];
    }
    hideGroups(ranks);
    choose(t, scores, ranks);
  }

  /** Only the groups stay whose best have the highest sums. */
  private void hideGroups(double[] ranks) {
    int groups = routing.groups();
    if (routing.usedGroups() >= groups) {
      return;
    }
    int size = ranks.length / groups;
    double[] sums = new double[groups];
    for (int g = 0; g < groups; g++) {
      double[] sorted = Arrays.copyOfRange(ranks, g * size, (g + 1) * size);
      Arrays.sort(sorted);
      sums[g] = sorted[size - 1] + (size > 1 && routing.groupBest() > 1 ? sorted[size - 2] : 0);
    }
    boolean[] stays = new boolean[groups];
    for (int i = 0; i < routing.usedGroups(); i++) {
      int best = best(sums);
      stays[best] = true;
      sums[best] = Double.NEGATIVE_INFINITY;
    }
    for (int x = 0; x < ranks.length; x++) {
      ranks[x] = stays[x / size] ? ranks[x] : Double.NEGATIVE_INFINITY;
    }
  }

  /** The first of the highest; a NaN is higher than all, so that it is found in what comes out. */
  private static int best(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best] || Double.isNaN(values[i])) {
        best = i;
      }
    }
    return best;
  }

  private void choose(int t, double[] scores, double[] ranks) {
    int used = routing.used();
    int[] chosen = new int[used];
    double[] shares = new double[used];
    for (int j = 0; j < used; j++) {
      chosen[j] = best(ranks);
      shares[j] = scores[chosen[j]];
      ranks[chosen[j]] = Double.NEGATIVE_INFINITY;
    }
    if (routing.scoring() == Scoring.SOFTMAX_OF_CHOSEN) {
      softmax(shares, used);
    }
    double sum = routing.normalized() ? Arrays.stream(shares).sum() : 1;
    for (int j = 0; j < used; j++) {
      long at = out.at(t) + 8L * j;
      out.data().set(FLOAT, at, chosen[j]);
      double own = scale.length == 0 ? 1 : scale[chosen[j]];
      out.data().set(FLOAT, at + 4, (float) (shares[j] / sum * routing.scale() * own));
    }
  }

  private static void softmax(double[] x, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      x[i] = Math.exp(x[i] - max);
      sum += x[i];
    }
    for (int i = 0; i < n; i++) {
      x[i] /= sum;
    }
  }
}
