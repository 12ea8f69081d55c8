package io.solebox.engine.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many of a row of pieces each of several devices gets, so that shares are as wished. */
final class Cuts {
  /** Whether a device can have the pieces {@code from} to {@code to}, exclusive. */
  interface Fits {
    boolean test(int device, int from, int to);
  }

  private Cuts() {}

  /**
   * Cuts so that the sum of {@code cost * cost / weight} over all devices is least, which is where
   * costs are as the weights are.
   *
   * @param cost of each piece
   * @param weight of each device
   * @return pieces of each device, at least one; empty where none of all cuts fits
   */
  static Optional<List<Integer>> best(double[] cost, double[] weight, Fits fits) {
    int pieces = cost.length;
    int devices = weight.length;
    double[] before = new double[pieces + 1]; // cost of all pieces before one
    for (int p = 0; p < pieces; p++) {
      before[p + 1] = before[p] + cost[p];
    }
    double[][] least = new double[devices + 1][pieces + 1];
    int[][] begin = new int[devices + 1][pieces + 1];
    for (int d = 0; d <= devices; d++) {
      for (int to = 0; to <= pieces; to++) {
        least[d][to] = d == 0 && to == 0 ? 0 : Double.POSITIVE_INFINITY;
        for (int from = 0; d > 0 && from < to; from++) {
          double own = before[to] - before[from];
          double all = least[d - 1][from] + own * own / weight[d - 1];
          if (all < least[d][to] && fits.test(d - 1, from, to)) {
            least[d][to] = all;
            begin[d][to] = from;
          }
        }
      }
    }
    return Double.isInfinite(least[devices][pieces])
        ? Optional.empty()
        : Optional.of(counts(begin, pieces));
  }

  private static List<Integer> counts(int[][] begin, int pieces) {
    var counts = new ArrayList<Integer>();
    int to = pieces;
    for (int d = begin.length - 1; d > 0; d--) {
      counts.addFirst(to - begin[d][to]);
      to = begin[d][to];
    }
    return List.copyOf(counts);
  }
}
