package io.solebox.backend.cuda;

import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Who makes and who reads each value of a graph. */
final class GraphUse {
  private final Map<Integer, Op> producers = new HashMap<>(); // by value id
  private final int[] readers; // by value id; a result of the graph counts as one
  private final boolean[] dense; // by value id: whether anybody reads it as f32
  private final boolean[] rounded; // by value id: whether anybody reads it in 8-bit blocks

  GraphUse(Graph graph) {
    readers = new int[graph.valueCount()];
    dense = new boolean[graph.valueCount()];
    rounded = new boolean[graph.valueCount()];
    for (Op op : graph.ops()) {
      producers.put(op.out().id(), op);
      for (Value v : op.inputs()) {
        List<Weight> weights = multipliers(op, v);
        readers[v.id()]++;
        rounded[v.id()] |= weights.stream().anyMatch(GraphUse::isQuantized);
        dense[v.id()] |= weights.isEmpty() || !weights.stream().allMatch(GraphUse::isQuantized);
      }
    }
    for (Value v : graph.end().results()) {
      readers[v.id()]++;
      dense[v.id()] = true;
    }
  }

  /** The weights that an op multiplies one of its inputs with. */
  private static List<Weight> multipliers(Op op, Value v) {
    return switch (op) {
      case Op.Linear o -> List.of(o.weight());
      case Op.HeadLinear o -> List.of(o.weight());
      case ExpertOp.Experts o when v.equals(o.x()) ->
          Stream.concat(o.gate().stream(), Stream.of(o.up())).map(ExpertOp.Stack::weight).toList();
      case Op.Basic _, PointwiseOp _, ExpertOp _, StateOp _, LowRank _ -> List.of();
    };
  }

  /** Whether products with it take their input in 8-bit blocks. */
  static boolean isQuantized(Weight weight) {
    return weight.type().isQuantized();
  }

  /** Whether an op takes something in 8-bit blocks. */
  static boolean rounds(Op op) {
    return op.weights().stream()
        .filter(use -> use.role() == Weight.Role.MATRIX || use.role() == Weight.Role.EXPERTS)
        .anyMatch(use -> isQuantized(use.weight()));
  }

  /** The op that makes {@code v}, where it is of this kind and {@code v} has one reader alone. */
  <T extends Op> Optional<T> onlyFor(Value v, Class<T> kind) {
    Op op = producers.get(v.id());
    return readers[v.id()] == 1 && kind.isInstance(op)
        ? Optional.of(kind.cast(op))
        : Optional.empty();
  }

  boolean isReadDense(Value v) {
    return dense[v.id()];
  }

  boolean isReadRounded(Value v) {
    return rounded[v.id()];
  }
}
