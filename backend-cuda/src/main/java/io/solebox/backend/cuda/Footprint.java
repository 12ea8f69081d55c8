package io.solebox.backend.cuda;

import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The device memory of a plan, from shapes alone: what is estimated is what is allocated, and what
 * the driver takes for code and graphs.
 *
 * @param places where activations lie
 * @param attention scratch of decode attention
 * @param answers scratch of what picks from logits
 * @param products scratch of products
 * @param sums what ranks of a cut graph meet in, which belongs to their exchange
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
    ProductScratch products,
    SumRoom sums) {
  /** Steps that may be under way to a stage at once: one for each stage, in boxes of four cards. */
  static final long MOST_CROSSINGS = 4;

  static Footprint of(Graph graph, Limits limits) {
    List<Node> nodes = Lowering.lower(graph);
    return new Footprint(
        graph,
        limits,
        nodes,
        new WeightMap(nodes),
        Places.of(graph, nodes, limits),
        StepInput.of(graph, limits),
        new RopeTables(limits.maxSequenceTokens(), nodes),
        AttentionScratch.of(graph, limits),
        AnswerScratch.of(graph, limits),
        ProductScratch.of(nodes, limits),
        SumRoom.of(graph, limits));
  }

  KvTiles kvTiles(Op.Attention op) {
    return KvTiles.of(op, limits.kvType());
  }

  /** The attention that writes to each paged keep. */
  List<Op.Attention> storing() {
    List<Op.Attention> storing = new ArrayList<>();
    for (Op op : graph.ops()) {
      if (op instanceof Op.Attention attention && attention.fresh().isPresent()) {
        storing.add(attention);
      }
    }
    return storing;
  }

  /** Bytes of one KV block of each group. */
  private List<Long> kvBlockBytes() {
    Long[] bytes = new Long[graph.groups().size()];
    Arrays.fill(bytes, 0L);
    for (Op.Attention op : storing()) {
      bytes[graph.groupOf(op.keep())] += kvTiles(op).blockBytes();
    }
    return List.of(bytes);
  }

  private long sequenceBytes() {
    return graph.keeps().stream()
        .mapToLong(keep -> keep instanceof Keep.Slot s ? Float.BYTES * s.floats() : 0)
        .sum();
  }

  /** Of one place that sequences keep. */
  long keptBytes(KeptPlace place) {
    return switch (place) {
      case KeptPlace.Block(int group, _) -> kvBlockBytes().get(group);
      case KeptPlace.Slot _ -> sequenceBytes();
    };
  }

  /** Of the largest of them. */
  long mostKeptBytes() {
    return kvBlockBytes().stream().reduce(sequenceBytes(), Math::max);
  }

  /** Of a hidden state that another stage gives or takes; in host memory alone. */
  long hiddenBytes() {
    long width = 0;
    if (graph.end() instanceof Graph.End.Hidden(var hidden)) {
      width = hidden.width();
    }
    width = Math.max(width, graph.takes().map(Value::width).orElse(0));
    return Float.BYTES * width * Places.rows(false, limits);
  }

  /** What the stage before may leave here for steps under way, if it is on a GPU. */
  private long crossingBytes() {
    return graph
        .takes()
        .map(v -> MOST_CROSSINGS * Float.BYTES * v.width() * (long) limits.maxStepTokens())
        .orElse(0L);
  }

  Estimate estimate() {
    long scratch =
        places.bytes()
            + crossingBytes()
            + input.bytes()
            + ropeTables.bytes()
            + attention.bytes()
            + answers.bytes()
            + products.bytes()
            + sums.mostBytes()
            + GraphMemory.bytes(nodes);
    return new Estimate(weights.bytes(), 0, kvBlockBytes(), sequenceBytes(), scratch);
  }
}
