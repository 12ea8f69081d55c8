package io.solebox.engine.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * One forward pass, described once: ops in the order of execution. A graph, or a stage of one,
 * begins with {@link Op.Embed} or {@link Op.TakeHidden}, and ends as {@link End} says.
 *
 * @param boundaries where it may be cut, one per layer that this graph holds
 */
public record Graph(List<Op> ops, End end, List<Boundary> boundaries) {
  public Graph {
    ops = List.copyOf(ops);
    boundaries = List.copyOf(boundaries);
  }

  /** What a graph leaves behind. */
  public sealed interface End {
    /**
     * The last stage: for each requested row the normed hidden state [rows, E] and the logits
     * [rows, V].
     */
    record Rows(Value hidden, Value logits) implements End {}

    /** An earlier stage: the residual stream [T, E], for the next stage to take. */
    record Hidden(Value hidden) implements End {}
  }

  /**
   * The start of a layer.
   *
   * @param layer number of the layer, counted over the whole model
   * @param opIndex index of the layer's first op in {@link #ops()}
   * @param hidden the residual stream there, all that the layer takes from the ones before
   */
  public record Boundary(int layer, int opIndex, Value hidden) {}

  /** The two stages of a cut graph. */
  public record Stages(Graph first, Graph second) {}

  /**
   * Cuts before {@code layer}: the first stage gives the hidden state, the second takes it.
   *
   * @throws IllegalArgumentException if the graph has no such boundary, or it is at the graph's
   *     start
   */
  public Stages cutBefore(int layer) {
    for (int b = 1; b < boundaries.size(); b++) {
      Boundary at = boundaries.get(b);
      if (at.layer() == layer) {
        return cut(b, at);
      }
    }
    throw new IllegalArgumentException("no inner layer boundary before layer " + layer);
  }

  private Stages cut(int b, Boundary at) {
    var first =
        new Graph(
            ops.subList(0, at.opIndex()), new End.Hidden(at.hidden()), boundaries.subList(0, b));
    var rest = new ArrayList<Op>();
    rest.add(new Op.TakeHidden(at.hidden()));
    rest.addAll(ops.subList(at.opIndex(), ops.size()));
    int shift = 1 - at.opIndex();
    var restBoundaries =
        boundaries.subList(b, boundaries.size()).stream()
            .map(x -> new Boundary(x.layer(), x.opIndex() + shift, x.hidden()))
            .toList();
    return new Stages(first, new Graph(rest, end, restBoundaries));
  }

  /** One more than the largest {@link Value#id()}. */
  public int valueCount() {
    return ops.stream().mapToInt(op -> op.out().id()).max().orElse(-1) + 1;
  }
}
