package io.solebox.backend.cuda;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.StateOp;
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
      case SumNode _ -> "all-reduce";
      case Node.Linear n -> titles(n.weights());
      case Node.GateUp n -> titles(List.of(n.gate(), n.up()));
      case Node.Single n -> of(n.op());
      case Node.LayerNorm n -> n.op().gain().title();
      case GroupNode.Heads n -> titles(List.of(n.op().weight()));
      case GroupNode.Experts n ->
          titles(n.op().stacks().stream().map(ExpertOp.Stack::weight).distinct().toList());
      case AdapterNode _ -> "adapters";
      case Node.StoreKv _ -> "rope and store";
      case Node.Attend _ -> "attention";
    };
  }

  private static String of(Op op) {
    return switch (op) {
      case Op.Rope _ -> "rope";
      case Op.SelectRows _ -> "select rows";
      case Op.MeanRows _ -> "mean of rows";
      case Op.EmbedPosition _ -> "embed positions";
      case Op.ScaleByPosition _ -> "scale";
      case PointwiseOp.Gated _ -> "gate";
      case PointwiseOp.Activate _ -> "activation";
      case PointwiseOp.Scale _, PointwiseOp.ScaleRows _, PointwiseOp.ScaleColumns _ -> "scale";
      case PointwiseOp.SoftCap _ -> "soft cap";
      case PointwiseOp.Add _, PointwiseOp.AddVector _ -> "add";
      case PointwiseOp.Slice _ -> "slice";
      case PointwiseOp.Join _ -> "join";
      case StateOp.ShortConv _ -> "short convolution";
      case ExpertOp.Route _ -> "route";
      case StateOp.GatedDelta _ -> "gated delta rule";
      case StateOp.SelectiveScan _ -> "selective scan";
      case ExpertOp _, Op.Basic _, LowRank _ -> op.out().name();
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
      case GroupNode.Heads n -> n.op().weight().bytes();
      case GroupNode.Experts n -> n.bytesOfToken();
      case AdapterNode n -> n.op().maxBytes();
      case Node.Embed n -> n.table().rowBytes();
      case Node.Attend n -> cacheBytes(n.op(), footprint, position);
      case Node.TakeHidden _, Node.Norm _, Node.LayerNorm _, Node.Quantize _ -> 0;
      case Node.Single(StateOp op) -> Float.BYTES * op.keep().floats();
      case Node.StoreKv _, SumNode _, Node.Single _ -> 0;
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
    long block = footprint.kvTiles(op).blockBytes();
    return block * seen / KvBlocks.TOKENS;
  }
}
