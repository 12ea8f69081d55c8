package io.solebox.backend.cuda;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Weight;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What nodes of different layers have in common, for people who look at a profile. */
final class NodeKind {
  private NodeKind() {}

  /** As in {@code ffn_gate+ffn_up Q4_K}. */
  static String of(Node node) {
    return switch (node) {
      case Node.TakeHidden _ -> "hidden state";
      case Node.Embed n -> "embed " + n.table().type();
      case Node.Norm n -> n.gain().title();
      case Node.Quantize _ -> "quantize";
      case Node.Linear n -> titles(n.weights());
      case Node.GateUp n -> titles(List.of(n.gate(), n.up()));
      case Node.Rope _ -> "rope";
      case Node.StoreKv _ -> "rope and store";
      case Node.Attend _ -> "attention";
      case Node.SwiGlu _ -> "swiglu";
      case Node.Add _ -> "add";
      case Node.SelectRows _ -> "select rows";
      case Node.ShortConv _ -> "short convolution";
      case Node.MeanRows _ -> "mean of rows";
    };
  }

  private static String titles(List<Weight> weights) {
    return weights.stream().map(Weight::title).collect(Collectors.joining("+"))
        + " "
        + weights.getFirst().type();
  }

  /**
   * What a decode step of one token reads of weights and cache for this node.
   *
   * @param position of the token
   */
  static long bytes(Node node, Footprint footprint, int position) {
    return switch (node) {
      case Node.Linear n -> bytes(n.weights().stream());
      case Node.GateUp n -> bytes(Stream.of(n.gate(), n.up()));
      case Node.Embed n -> n.table().rowBytes();
      case Node.Attend n -> cacheBytes(n.op(), footprint, position);
      case Node.TakeHidden _, Node.Norm _, Node.Quantize _, Node.Rope _, Node.StoreKv _ -> 0;
      case Node.SwiGlu _, Node.Add _, Node.SelectRows _, Node.ShortConv _, Node.MeanRows _ -> 0;
    };
  }

  private static long bytes(Stream<Weight> weights) {
    return weights.mapToLong(Weight::bytes).sum();
  }

  private static long cacheBytes(Op.Attention op, Footprint footprint, int position) {
    int seen = position + 1;
    if (op.mask().window().isPresent()) {
      seen = Math.min(seen, op.mask().window().getAsInt());
    }
    long block = 2 * footprint.kvTiles(op).rangeBlockBytes();
    return block * seen / KvBlocks.TOKENS;
  }
}
