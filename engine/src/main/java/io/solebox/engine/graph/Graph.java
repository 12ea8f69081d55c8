package io.solebox.engine.graph;

import io.solebox.engine.graph.Weight.Use;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * One forward pass, described once: ops in the order of execution. A graph, or a stage of one,
 * begins with {@link Op.Embed} or {@link Op.TakeHidden}, and ends as {@link End} says.
 *
 * @param boundaries where it may be cut, one per layer that this graph holds
 * @param groups its paged keeps by how long they need a position; a stage of a cut graph has the
 *     groups of the whole, so that a sequence's block tables mean the same to all stages
 * @param watched whether a plan sums up the squares of what matrices are multiplied with ({@code
 *     Plan.inputSquares})
 */
public record Graph(
    List<Op> ops, End end, List<Boundary> boundaries, List<KeepGroup> groups, boolean watched) {
  /**
   * @throws IllegalArgumentException if an op reads a keep that no op before it has written
   */
  public Graph {
    ops = List.copyOf(ops);
    boundaries = List.copyOf(boundaries);
    groups = List.copyOf(groups);
    requireWrittenKeeps(ops);
  }

  /** A whole graph, and not a stage of one: its groups are those of its own keeps. */
  Graph(List<Op> ops, End end, List<Boundary> boundaries) {
    this(ops, end, boundaries, groupsOf(ops), false);
  }

  /** What a graph leaves behind. */
  public sealed interface End {
    /** What outlives the last op. */
    List<Value> results();

    /**
     * The last stage: for each requested row the normed hidden state, or what was pooled or scored
     * from it, [rows, E], and the logits [rows, V] where the model has a vocabulary to answer with.
     */
    record Rows(Value hidden, Optional<Value> logits) implements End {
      @Override
      public List<Value> results() {
        return logits.map(l -> List.of(hidden, l)).orElse(List.of(hidden));
      }
    }

    /** An earlier stage: the residual stream [T, E], for the next stage to take. */
    record Hidden(Value hidden) implements End {
      @Override
      public List<Value> results() {
        return List.of(hidden);
      }
    }

    /** A rank of a graph that was cut for several devices: the first one has the results. */
    record Elsewhere() implements End {
      @Override
      public List<Value> results() {
        return List.of();
      }
    }
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

  private static void requireWrittenKeeps(List<Op> ops) {
    Set<Integer> written = new HashSet<>();
    for (Op op : ops) {
      if (op instanceof Op.Attention a && !written.contains(a.keep().id()) && a.fresh().isEmpty()) {
        throw new IllegalArgumentException(
            a.out().name() + " attends to keys and values that nobody has stored");
      }
      op.keeps().forEach(keep -> written.add(keep.id()));
    }
  }

  private static List<KeepGroup> groupsOf(List<Op> ops) {
    Set<OptionalInt> windows = new LinkedHashSet<>();
    for (Op op : ops) {
      for (Keep keep : op.keeps()) {
        if (keep instanceof Keep.Paged paged) {
          windows.add(paged.window());
        }
      }
    }
    List<KeepGroup> groups = new ArrayList<>();
    windows.forEach(window -> groups.add(new KeepGroup(groups.size(), window)));
    return groups;
  }

  /** The index of the group whose block table serves {@code keep}. */
  public int groupOf(Keep.Paged keep) {
    return groups.stream()
        .filter(g -> g.window().equals(keep.window()))
        .findFirst()
        .orElseThrow()
        .index();
  }

  /** All keeps, each once, in the order of their first use. */
  public List<Keep> keeps() {
    Set<Keep> keeps = new LinkedHashSet<>();
    ops.forEach(op -> keeps.addAll(op.keeps()));
    return List.copyOf(keeps);
  }

  /** Whether sequences have recurrent state. */
  public boolean hasSlots() {
    return keeps().stream().anyMatch(Keep.Slot.class::isInstance);
  }

  /** Whether a sequence must be computed in one step. */
  public boolean seesAhead() {
    return keeps().stream().anyMatch(k -> k instanceof Keep.Paged p && p.mask().seesAhead());
  }

  /** All weights with their uses, in the order of the ops. */
  public List<Use> uses() {
    return ops.stream().flatMap(op -> op.weights().stream()).toList();
  }

  /** All weights, each once (a tied embedding has two uses), in the order of their first use. */
  public Set<Weight> weights() {
    Set<Weight> weights = new LinkedHashSet<>();
    uses().forEach(use -> weights.add(use.weight()));
    return weights;
  }

  /** Ids that it takes, 0 to this, exclusive; empty for a stage that takes a hidden state. */
  public OptionalInt vocabulary() {
    return uses().stream()
        .filter(use -> use.role() == Weight.Role.TABLE)
        .mapToInt(use -> use.weight().rows())
        .min();
  }

  /** The longest sequence that it has positions for; empty where there is no limit. */
  public OptionalInt mostPositions() {
    return uses().stream()
        .filter(use -> use.role() == Weight.Role.POSITIONS)
        .mapToInt(use -> use.weight().rows())
        .min();
  }

  /** The graph of a model that holds sequences of up to so many tokens. */
  public Graph forContext(int tokens) {
    List<Op> same =
        ops.stream()
            .map(
                op ->
                    op instanceof Op.Rope r
                        ? new Op.Rope(r.out(), r.x(), r.headDim(), r.rotation().forContext(tokens))
                        : op)
            .toList();
    return with(same);
  }

  /** The same graph, or stage, with another op in the place of each. */
  public Graph with(List<Op> others) {
    if (others.size() != ops.size()) {
      throw new IllegalArgumentException(others.size() + " ops in the places of " + ops.size());
    }
    return new Graph(others, end, boundaries, groups, watched);
  }

  /** The same graph, of which a plan sums up the squares of what matrices are multiplied with. */
  public Graph watching() {
    return new Graph(ops, end, boundaries, groups, true);
  }

  /**
   * The same with what {@code changes} says of each product added to it.
   *
   * @throws IllegalArgumentException if a change does not fit its product
   */
  public Graph adapted(Function<Op.Linear, List<LowRank.Change>> changes) {
    return Adaptation.of(this, changes);
  }

  /** The hidden state that an earlier stage gives; empty for a first stage. */
  public Optional<Value> takes() {
    return ops.getFirst() instanceof Op.TakeHidden take
        ? Optional.of(take.out())
        : Optional.empty();
  }

  /** Width of the residual stream, E. */
  public int hiddenWidth() {
    return ops.getFirst().out().width();
  }

  /** Logits that it gives for each row; empty for a graph without a vocabulary to answer with. */
  public Optional<Value> logits() {
    return switch (end) {
      case End.Rows rows -> rows.logits();
      case End.Hidden _, End.Elsewhere _ -> Optional.empty();
    };
  }

  /**
   * Cuts before {@code layer}: the first stage gives the hidden state, the second takes it.
   *
   * @throws IllegalArgumentException if the graph has no such boundary, or it is at the graph's
   *     start, or the second stage would need keys and values that the first has
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

  /** Whether both sides of a cut before {@code layer} would have all that they keep. */
  public boolean canCutBefore(int layer) {
    return boundaries.stream()
        .skip(1)
        .filter(b -> b.layer() == layer)
        .anyMatch(b -> !shareKeeps(b.opIndex()) && !readsAcross(b));
  }

  /** Whether ops behind it read more of those before it than the hidden state. */
  private boolean readsAcross(Boundary at) {
    Set<Value> made = new HashSet<>();
    made.add(at.hidden());
    for (Op op : ops.subList(at.opIndex(), ops.size())) {
      if (!made.containsAll(op.inputs())) {
        return true;
      }
      made.add(op.out());
    }
    return false;
  }

  private boolean shareKeeps(int opIndex) {
    Set<Integer> first = new HashSet<>();
    ops.subList(0, opIndex).forEach(op -> op.keeps().forEach(k -> first.add(k.id())));
    return ops.subList(opIndex, ops.size()).stream()
        .flatMap(op -> op.keeps().stream())
        .anyMatch(k -> first.contains(k.id()));
  }

  private Stages cut(int b, Boundary at) {
    var first =
        new Graph(
            ops.subList(0, at.opIndex()),
            new End.Hidden(at.hidden()),
            boundaries.subList(0, b),
            groups,
            watched);
    var rest = new ArrayList<Op>();
    rest.add(new Op.TakeHidden(at.hidden()));
    rest.addAll(ops.subList(at.opIndex(), ops.size()));
    int shift = 1 - at.opIndex();
    var restBoundaries =
        boundaries.subList(b, boundaries.size()).stream()
            .map(x -> new Boundary(x.layer(), x.opIndex() + shift, x.hidden()))
            .toList();
    return new Stages(first, new Graph(rest, end, restBoundaries, groups, watched));
  }

  /** One more than the largest {@link Value#id()}. */
  public int valueCount() {
    return ops.stream().mapToInt(op -> op.out().id()).max().orElse(-1) + 1;
  }

  /** By value id whether a value has a row per requested row, and not per token. */
  public boolean[] perRow() {
    boolean[] perRow = new boolean[valueCount()];
    for (Op op : ops) {
      perRow[op.out().id()] =
          op instanceof Op.SelectRows
              || op instanceof Op.MeanRows
              || op.inputs().stream().anyMatch(v -> perRow[v.id()]);
    }
    return perRow;
  }
}
