package io.solebox.engine.graph;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Cuts a graph into ranks that several devices compute at once (Shoeybi et al., Megatron-LM,
 * arXiv:1909.08053): each has some of the attention heads, with their keys and values, and some of
 * the columns inside every feed-forward network and every expert. What comes out of either is a sum
 * over all ranks ({@link Op.AllReduce}); all else is computed by every rank. The first rank alone
 * has what stands behind the layers, and the results.
 */
public final class TensorCut {
  static final String OPTION = "--split tensor";
  static final String LAYERS = "Use --split layers.";

  private TensorCut() {}

  /**
   * @param ranks at least two
   * @return a graph for each rank; groups and keeps have the same numbers in all
   * @throws SoleboxException {@code INVALID_PARAMETER} for what cannot be cut like that, with how
   *     many devices could have it
   */
  public static List<Graph> ranks(Graph graph, int ranks) {
    TensorParts parts = parts(graph, ranks);
    return IntStream.range(0, ranks).mapToObj(r -> RankWriter.write(graph, parts, r)).toList();
  }

  /**
   * Of how many devices each could have a rank.
   *
   * @param most devices
   * @return from 2 on, ascending; none where the graph cannot be cut like that
   */
  public static List<Integer> counts(Graph graph, int most) {
    return IntStream.rangeClosed(2, most).filter(n -> canCut(graph, n)).boxed().toList();
  }

  private static boolean canCut(Graph graph, int ranks) {
    try {
      TensorParts.of(graph, ranks);
      return true;
    } catch (SoleboxException _) {
      return false; // the reason is asked for by ranks(..)
    }
  }

  private static TensorParts parts(Graph graph, int ranks) {
    if (graph.watched()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          OPTION,
          "What matrices are multiplied with is not summed up over parts of them.",
          LAYERS);
    }
    TensorParts.of(graph, 1); // refuses what no number of devices could have
    try {
      return TensorParts.of(graph, ranks);
    } catch (SoleboxException e) {
      throw new SoleboxException(e.code(), OPTION, e.getMessage(), remedy(graph, ranks));
    }
  }

  private static String remedy(Graph graph, int ranks) {
    List<Integer> counts = counts(graph, Math.max(ranks, MOST));
    return counts.isEmpty()
        ? LAYERS
        : "It can be split over %s devices. Or use --split layers."
            .formatted(counts.stream().map(String::valueOf).collect(Collectors.joining(" or ")));
  }

  private static final int MOST = 8;
}
