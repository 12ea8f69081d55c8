package io.solebox.engine.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts {@link LowRank} behind products of a graph. The product gets a value of its own, and what is
 * added to it leaves the value that the product had: so no other op notices, and neither does the
 * architecture that wrote the graph.
 */
final class Adaptation {
  private final Graph graph;
  private final List<Op> ops = new ArrayList<>();
  private final int[] newIndex; // of each op of the graph
  private int nextId;

  private Adaptation(Graph graph) {
    this.graph = graph;
    this.newIndex = new int[graph.ops().size()];
    this.nextId = graph.valueCount();
  }

  static Graph of(Graph graph, Function<Op.Linear, List<LowRank.Change>> changes) {
    var adaptation = new Adaptation(graph);
    for (int i = 0; i < graph.ops().size(); i++) {
      adaptation.newIndex[i] = adaptation.ops.size();
      adaptation.add(graph.ops().get(i), changes);
    }
    return adaptation.result();
  }

  private void add(Op op, Function<Op.Linear, List<LowRank.Change>> changes) {
    List<LowRank.Change> own = op instanceof Op.Linear l ? changes.apply(l) : List.of();
    if (op instanceof Op.Linear l && !own.isEmpty()) {
      Value out = l.out();
      Value alone = new Value(nextId++, out.name() + " alone", out.width());
      ops.add(new Op.Linear(alone, l.x(), l.weight(), l.bias()));
      ops.add(new LowRank(out, alone, l.x(), own));
    } else {
      ops.add(op);
    }
  }

  private Graph result() {
    List<Graph.Boundary> boundaries =
        graph.boundaries().stream()
            .map(b -> new Graph.Boundary(b.layer(), newIndex[b.opIndex()], b.hidden()))
            .toList();
    return new Graph(ops, graph.end(), boundaries, graph.groups(), graph.watched());
  }
}
