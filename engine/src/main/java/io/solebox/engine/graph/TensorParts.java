package io.solebox.engine.graph;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds which values of a graph ranks have a part of: what attention heads have of their own, and
 * the wide rows inside feed-forward networks. All others are whole on every rank. From each
 * attention, and from each product that reads such a wide row, it follows the row back to the
 * matrices that make it, whose rows are then dealt out.
 */
final class TensorParts {
  /** Floats have no blocks, but what is read of them at once, 16 bytes of halves at least. */
  private static final int MOST_FLOATS = 64;

  private static final int LEAST_FLOATS = 8;

  private final Graph graph;
  private final int ranks;
  private final boolean[] perRow;
  private final Map<Value, Op> makers = new HashMap<>();
  private final Map<Value, List<Op>> readers = new HashMap<>();
  private final Map<Value, Parts> parts = new HashMap<>();
  private final Map<Op, Parts> ofExperts = new HashMap<>();

  private TensorParts(Graph graph, int ranks) {
    this.graph = graph;
    this.ranks = ranks;
    this.perRow = graph.perRow();
    for (Op op : graph.ops()) {
      makers.put(op.out(), op);
      op.inputs().forEach(v -> readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(op));
    }
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for what cannot be dealt out to so many
   */
  static TensorParts of(Graph graph, int ranks) {
    var parts = new TensorParts(graph, ranks);
    for (Op op : graph.ops()) {
      if (!parts.perRow[op.out().id()]) {
        parts.deal(op);
      }
    }
    graph.ops().forEach(parts::requireConsistent);
    parts.requireUse();
    return parts;
  }

  /** Of a value; empty for one that is whole on every rank. */
  Optional<Parts> of(Value value) {
    return Optional.ofNullable(parts.get(value));
  }

  /** Of what is between the matrices of experts. */
  Parts of(ExpertOp.Experts op) {
    return ofExperts.get(op);
  }

  private void deal(Op op) {
    switch (op) {
      case Op.Attention o -> deal(o);
      case Op.Linear o -> deal(o);
      case ExpertOp.Experts o -> ofExperts.put(o, wide(o.up().rows(), o.down().weight()));
      case Op.HeadLinear _ -> throw kind("has matrices of their own for heads", op);
      case LowRank _ -> throw kind("has an adapter", op);
      case StateOp _ -> throw kind("keeps recurrent state", op);
      case Op.AllReduce _ -> throw new IllegalArgumentException("it was cut already");
      case Op.Embed _, Op.EmbedPosition _, Op.TakeHidden _ -> {}
      case Op.SelectRows _, Op.MeanRows _, ExpertOp.Route _ -> {}
      case Op.RmsNorm _, Op.LayerNorm _, Op.Rope _, Op.ScaleByPosition _ -> follow(op);
      case PointwiseOp _ -> follow(op);
    }
  }

  /** What is made of parts alone is made in parts. */
  private void follow(Op op) {
    Optional<Parts> first = op.inputs().stream().flatMap(v -> of(v).stream()).findFirst();
    first.ifPresent(p -> demand(op.out(), p));
  }

  private void deal(Op.Attention op) {
    AttentionShape shape = op.shape();
    if (shape.latent()) {
      throw kind("keeps latents, which all heads share", op);
    }
    int heads = shape.numHeads();
    int kvHeads = shape.numKvHeads();
    if (heads % ranks != 0 || (kvHeads % ranks != 0 && ranks % kvHeads != 0)) {
      throw shape(
          "%d query heads and %d key/value heads do not divide among %d devices."
              .formatted(heads, kvHeads, ranks));
    }
    Parts queries = Parts.even(heads, ranks);
    Parts keys = Parts.shared(kvHeads, ranks);
    parts.put(op.out(), queries);
    demand(op.q(), queries);
    for (Op.KeysValues fresh : op.fresh().stream().toList()) {
      fresh.values().forEach(v -> demand(v, keys));
    }
  }

  private void deal(Op.Linear op) {
    if (of(op.x()).isEmpty() && isWide(op.x())) {
      demand(op.x(), wide(op.x().width(), op.weight()));
    }
    of(op.x()).ifPresent(p -> requireBorders(op, p));
  }

  /** Whether a row is what a network has between its first matrices and its last. */
  private boolean isWide(Value row) {
    return makers.get(row) instanceof PointwiseOp
        && comesOfProducts(row)
        && readers.get(row).stream().allMatch(op -> op instanceof Op.Linear);
  }

  private boolean comesOfProducts(Value row) {
    return switch (makers.get(row)) {
      case Op.Linear l -> of(l.x()).isEmpty();
      case PointwiseOp.Gated _, PointwiseOp.Activate _, PointwiseOp.Scale _ -> inputsDo(row);
      case PointwiseOp.ScaleColumns _, PointwiseOp.AddVector _, PointwiseOp.SoftCap _ ->
          inputsDo(row);
      case Op _ -> false;
    };
  }

  private boolean inputsDo(Value row) {
    return makers.get(row).inputs().stream().allMatch(this::comesOfProducts);
  }

  /** In units that end where blocks of {@code last}, which is multiplied with it, do. */
  private Parts wide(int width, Weight last) {
    int unit = block(last);
    if (unit == 1) {
      unit = MOST_FLOATS;
      while (unit > LEAST_FLOATS && (width % unit != 0 || width / unit < ranks)) {
        unit /= 2;
      }
    }
    if (width % unit != 0 || width / unit < ranks) {
      throw shape(
          "Rows of %d elements for %s have too few blocks of %d for %d devices."
              .formatted(width, last.name(), unit, ranks));
    }
    return Parts.even(width / unit, ranks);
  }

  private static int block(Weight weight) {
    return Math.max(weight.stored().blockSize(), weight.type().blockSize());
  }

  private void requireBorders(Op.Linear op, Parts of) {
    Weight w = op.weight();
    int block = block(w);
    for (int rank = 0; rank < ranks; rank++) {
      if (of.of(rank, w.cols()).count() % block != 0) {
        throw shape(
            "A part of %s for one of %d devices would end inside a block of %d weights (%s)."
                .formatted(w.name(), ranks, block, w.stored()));
      }
    }
  }

  /** Follows a row that is to be made in parts back to the matrices that make it. */
  private void demand(Value row, Parts wanted) {
    Parts known = parts.putIfAbsent(row, wanted);
    if (known != null) {
      if (!known.equals(wanted)) {
        throw kind("uses one row for heads of two kinds", makers.get(row));
      }
      return;
    }
    Op op = makers.get(row);
    int unit = wanted.size(row.width());
    Predicate<Integer> divides = group -> unit % group == 0;
    boolean can =
        switch (op) {
          case Op.Linear _ -> true;
          case Op.RmsNorm o -> divides.test(o.gain().cols());
          case Op.LayerNorm o -> divides.test(o.gain().cols());
          case Op.Rope o -> divides.test(o.headDim());
          case Op.ScaleByPosition _ -> true;
          case PointwiseOp.Slice o -> divides.test(o.length());
          case PointwiseOp.Join o -> o.bStep() > 0 && divides.test(o.aGroup() + o.bGroup());
          case PointwiseOp _ -> true;
          case Op _ -> false;
        };
    if (!can) {
      throw kind(
          op instanceof Op.RmsNorm || op instanceof Op.LayerNorm
              ? "norms all heads together"
              : "makes heads of what is no product of a matrix",
          op);
    }
    if (!(op instanceof Op.Linear)) {
      cutInputs(op).forEach(v -> demand(v, wanted));
    }
  }

  private static List<Value> cutInputs(Op op) {
    return op instanceof PointwiseOp.ScaleRows o ? List.of(o.x()) : op.inputs();
  }

  /** Whether what reads a part expects one. */
  private void requireConsistent(Op op) {
    boolean made = of(op.out()).isPresent();
    boolean read = op.inputs().stream().anyMatch(v -> of(v).isPresent());
    boolean fits =
        switch (op) {
          case Op.Linear _ -> !(made && read);
          case Op.Attention _ -> true;
          case Op _ -> made == read;
        };
    if (!fits) {
      throw kind("reads parts of heads or of a network in another way, too", op);
    }
  }

  /** Nobody should pay for several devices that all do most of the work. */
  private void requireUse() {
    long whole = 0;
    long all = 0;
    for (Op op : graph.ops()) {
      if (op instanceof Op.Linear l && !perRow[l.out().id()]) {
        boolean cut = of(l.x()).isPresent() || of(l.out()).isPresent();
        whole += cut ? 0 : l.weight().bytes();
        all += l.weight().bytes();
      } else if (op instanceof ExpertOp.Experts e) {
        all += e.stacks().stream().mapToLong(ExpertOp.Stack::bytes).sum();
      }
    }
    if (2 * whole >= all) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          TensorCut.OPTION,
          "Of this model's layers too little can be split: most of it would be on every device.",
          TensorCut.LAYERS);
    }
  }

  private static SoleboxException kind(String what, Op op) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        TensorCut.OPTION,
        "The model cannot be split inside its layers: it %s (%s).".formatted(what, op.out().name()),
        TensorCut.LAYERS);
  }

  private static SoleboxException shape(String message) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER, TensorCut.OPTION, message, TensorCut.LAYERS);
  }
}
