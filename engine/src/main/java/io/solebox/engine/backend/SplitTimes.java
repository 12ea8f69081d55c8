package io.solebox.engine.backend;

import io.solebox.engine.graph.Cost;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.util.List;

/**
 * How long a token of one sequence is expected to take on several devices, split by layers and
 * inside the layers. Reading weights is what takes the time: by layers one device after the other
 * reads its share, inside the layers all read at once, and add up sums over their links. What both
 * have alike is left out: keys and values, and what each kernel takes to begin.
 */
public record SplitTimes(double layersSeconds, double tensorSeconds) {
  /**
   * What one token has to do with.
   *
   * @param wholeBytes weights that it reads of the model
   * @param rankBytes weights that it reads of each rank; more together, since some are on all
   * @param sums that are added up over all ranks
   * @param sumBytes of each; as many go from one stage of layers to the next
   */
  public record Work(long wholeBytes, List<Long> rankBytes, int sums, long sumBytes) {
    public Work {
      rankBytes = List.copyOf(rankBytes);
    }

    /**
     * Of a graph and of its ranks.
     *
     * @param ranks as {@link io.solebox.engine.graph.TensorCut#ranks} gives them
     */
    public static Work of(Graph graph, List<Graph> ranks) {
      long sums = ranks.getFirst().ops().stream().filter(op -> op instanceof Op.AllReduce).count();
      return new Work(
          weightBytes(graph),
          ranks.stream().map(Work::weightBytes).toList(),
          Math.toIntExact(sums),
          (long) Float.BYTES * graph.hiddenWidth());
    }

    private static long weightBytes(Graph graph) {
      return (long) Cost.of(graph).decodeBytesPerToken(1, 0);
    }
  }

  /**
   * @param bandwidths bytes per second of the memory of each device, in the order of the ranks
   * @param link of the slowest pair
   */
  public static SplitTimes of(Work work, List<Double> bandwidths, LinkFigures link) {
    int devices = bandwidths.size();
    // Layers are dealt out so that each device takes as long as every other.
    double all = bandwidths.stream().mapToDouble(b -> b).sum();
    double layers =
        devices * work.wholeBytes() / all + (devices - 1) * link.seconds(work.sumBytes());
    double slowest = 0;
    for (int rank = 0; rank < devices; rank++) {
      slowest = Math.max(slowest, work.rankBytes().get(rank) / bandwidths.get(rank));
    }
    double sums = work.sums() * sumSeconds(link, devices, work.sumBytes());
    return new SplitTimes(layers, slowest + sums);
  }

  /**
   * Until all of several devices have the sum of what each has, over links that each device uses
   * for one other at a time: in one exchange, where each gives all it has to each other, or in two,
   * where each adds up a part and gives that on.
   */
  public static double sumSeconds(LinkFigures link, int devices, long bytes) {
    double inOne = link.latencySeconds() + (devices - 1) * bytes / link.bytesPerSecond();
    double inTwo =
        2 * (link.latencySeconds() + (devices - 1) * bytes / (devices * link.bytesPerSecond()));
    return Math.min(inOne, inTwo);
  }

  /** Whether a token takes less split inside the layers. */
  public boolean tensorIsFaster() {
    return tensorSeconds < layersSeconds;
  }
}
