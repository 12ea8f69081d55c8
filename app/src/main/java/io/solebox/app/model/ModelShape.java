package io.solebox.app.model;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.util.HashMap;
import java.util.Map;

/**
 * What a model reads and keeps, from the shapes of its graph.
 *
 * @param stepBytes weights that one step reads, whatever its size
 * @param tokenBytes further weights per token: its row of the embedding table
 * @param kvElements keys and values of one position over all layers
 * @param productFlops of the matrix products that every token of a prompt takes part in; the head
 *     answers only its last one
 * @param attentionFlops of one token and one position that it attends to, over all layers
 */
public record ModelShape(
    long stepBytes, long tokenBytes, long kvElements, long productFlops, long attentionFlops) {
  /** A Q8_0 block has 34 bytes for 32 elements. */
  private static final long Q8_BLOCK = 32;

  private static final long Q8_BLOCK_BYTES = 34;

  public static ModelShape of(Graph graph) {
    Map<String, Long> read = new HashMap<>();
    long tokenBytes = 0;
    long kvElements = 0;
    long productFlops = 0;
    long attentionFlops = 0;
    boolean everyToken = true;
    for (Op op : graph.ops()) {
      switch (op) {
        case Op.Linear linear -> {
          put(read, linear.weight());
          linear.bias().ifPresent(bias -> put(read, bias));
          if (everyToken) {
            productFlops += 2L * linear.weight().rows() * linear.weight().cols();
          }
        }
        case Op.RmsNorm norm -> put(read, norm.gain());
        case Op.Embed embed -> tokenBytes += embed.table().rowBytes();
        case Op.Attention a -> {
          kvElements += 2L * a.numKvHeads() * a.headDim();
          attentionFlops += 4L * a.numHeads() * a.headDim();
        }
        case Op.SelectRows _ -> everyToken = false;
        case Op.TakeHidden _, Op.Rope _, Op.SwiGlu _, Op.Add _ -> {
          // These read activations only.
        }
      }
    }
    long stepBytes = read.values().stream().mapToLong(Long::longValue).sum();
    return new ModelShape(stepBytes, tokenBytes, kvElements, productFlops, attentionFlops);
  }

  /** By name, so that a weight that is used twice counts once. */
  private static void put(Map<String, Long> read, Weight weight) {
    read.put(weight.name(), weight.bytes());
  }

  /** KV cache of one position. */
  long kvBytes(KvType type) {
    return switch (type) {
      case F32 -> kvElements * Float.BYTES;
      case F16 -> kvElements * Short.BYTES;
      case Q8_0 -> kvElements / Q8_BLOCK * Q8_BLOCK_BYTES;
    };
  }

  /**
   * Operations per token of a prompt, a multiplication and an addition being two: a token attends
   * to half of the prompt, on average.
   */
  public double prefillFlopsPerToken(int promptTokens) {
    return productFlops + attentionFlops * (promptTokens / 2.0);
  }

  /**
   * Bytes that decode reads per token: the weights once per step, shared by its sequences, and each
   * sequence's own KV.
   */
  public double decodeBytesPerToken(int batch, double context, KvType type) {
    return (double) stepBytes / batch + tokenBytes + context * kvBytes(type);
  }
}
