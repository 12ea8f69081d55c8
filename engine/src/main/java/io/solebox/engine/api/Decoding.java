package io.solebox.engine.api;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Cost;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the device reads for each token of an answer, which decides how fast answers are: all
 * weights that take part, of experts those that are used, and what is kept of the tokens before.
 *
 * @param weightBytes read per token
 * @param keptBytes keys and values that are read per token, {@link #CONTEXT} tokens into a
 *     conversation
 * @param formats how much of the weights are matrices of each format; empty where that is not known
 */
public record Decoding(double weightBytes, double keptBytes, Map<TensorType, Double> formats) {
  /** Tokens of a usual conversation. */
  public static final int CONTEXT = 1024;

  /**
   * Of the bytes per second that a device gives to who only reads, what decode gets out of it with
   * usual formats (docs/benchmarks.md: 63 to 105 %).
   */
  private static final double SHARE = 0.8;

  public Decoding {
    formats = Map.copyOf(formats);
  }

  /** Of a model of which only sizes are known. */
  public Decoding(double weightBytes, double keptBytes) {
    this(weightBytes, keptBytes, Map.of());
  }

  public static Decoding of(Graph graph, KvType kvType) {
    Cost cost = Cost.of(graph);
    return new Decoding(
        cost.decodeBytesPerToken(1, 0), kvType.bytes(cost.elementsRead(CONTEXT)), formats(graph));
  }

  private static Map<TensorType, Double> formats(Graph graph) {
    Map<TensorType, Double> bytes = new EnumMap<>(TensorType.class);
    Set<Weight> whole = new LinkedHashSet<>(); // a weight that is used twice counts once
    for (Weight.Use use : graph.uses()) {
      if (use.role() == Weight.Role.MATRIX && whole.add(use.weight())) {
        bytes.merge(use.weight().type(), (double) use.weight().bytes(), Double::sum);
      }
    }
    for (Op op : graph.ops()) {
      if (op instanceof ExpertOp.Experts e) {
        double share = (double) e.used() / e.up().experts();
        e.stacks().forEach(s -> bytes.merge(s.weight().type(), share * s.bytes(), Double::sum));
      }
    }
    return bytes;
  }

  /** The same model with weights of another size. */
  public Decoding withWeights(double factor) {
    return new Decoding(weightBytes * factor, keptBytes);
  }

  /**
   * An estimate.
   *
   * @param memoryBytesPerSecond when everything only reads
   */
  public double tokensPerSecond(double memoryBytesPerSecond) {
    return SHARE * memoryBytesPerSecond / (weightBytes + keptBytes);
  }
}
