package io.solebox.engine.api;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Cost;
import io.solebox.engine.graph.Graph;

/**
 * What the device reads for each token of an answer, which decides how fast answers are: all
 * weights that take part, of experts those that are used, and what is kept of the tokens before.
 *
 * @param weightBytes read per token
 * @param keptBytes keys and values that are read per token, {@link #CONTEXT} tokens into a
 *     conversation
 */
public record Decoding(double weightBytes, double keptBytes) {
  /** Tokens of a usual conversation. */
  public static final int CONTEXT = 1024;

  /**
   * Of the bytes per second that a device gives to who only reads, what decode gets out of it with
   * usual formats (docs/benchmarks.md: 63 to 105 %).
   */
  private static final double SHARE = 0.8;

  public static Decoding of(Graph graph, KvType kvType) {
    Cost cost = Cost.of(graph);
    return new Decoding(cost.decodeBytesPerToken(1, 0), kvType.bytes(cost.elementsRead(CONTEXT)));
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
