package io.solebox.backend.cuda;

import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import java.util.List;

/**
 * The device memory of a plan, from shapes alone: what is estimated is what is allocated.
 *
 * @param places where activations lie
 * @param attention scratch of decode attention
 * @param answers scratch of what picks from logits
 * @param products scratch of products
 */
record Footprint(
    Graph graph,
    Limits limits,
    List<Node> nodes,
    WeightMap weights,
    Places places,
    StepInput input,
    RopeTables ropeTables,
    AttentionScratch attention,
    AnswerScratch answers,
    ProductScratch products) {

  static Footprint of(Graph graph, Limits limits) {
    List<Node> nodes = Lowering.lower(graph);
    return new Footprint(
        graph,
        limits,
        nodes,
        new WeightMap(nodes),
        Places.of(graph, nodes, limits),
        StepInput.of(limits),
        new RopeTables(limits.maxSequenceTokens(), nodes),
        AttentionScratch.of(graph, limits),
        AnswerScratch.of(graph, limits),
        ProductScratch.of(nodes, limits));
  }

  KvTiles kvTiles(Op.Attention op) {
    return KvTiles.of(op, limits.kvType());
  }

  /** Bytes of one KV block over all layers. */
  private long kvBlockBytes() {
    long bytes = 0;
    for (Op op : graph.ops()) {
      if (op instanceof Op.Attention attention) {
        bytes += 2 * kvTiles(attention).rangeBlockBytes();
      }
    }
    return bytes;
  }

  /** Of a hidden state that another stage gives or takes; in host memory alone. */
  long hiddenBytes() {
    long width = 0;
    if (graph.end() instanceof Graph.End.Hidden(var hidden)) {
      width = hidden.width();
    }
    if (graph.ops().getFirst() instanceof Op.TakeHidden take) {
      width = Math.max(width, take.out().width());
    }
    return Float.BYTES * width * Places.rows(false, limits);
  }

  Estimate estimate() {
    long scratch =
        places.bytes()
            + input.bytes()
            + ropeTables.bytes()
            + attention.bytes()
            + answers.bytes()
            + products.bytes();
    return new Estimate(weights.bytes(), kvBlockBytes(), scratch);
  }
}
