package io.solebox.backend.cuda;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
      boolean rounds = op instanceof Op.Linear o && isQuantized(o);
      for (Value v : op.inputs()) {
        readers[v.id()]++;
        dense[v.id()] |= !rounds;
        rounded[v.id()] |= rounds;
      }
    }
    for (Value v : graph.end().results()) {
      readers[v.id()]++;
      dense[v.id()] = true;
    }
  }

  /** Whether the product takes its input in 8-bit blocks. */
  static boolean isQuantized(Op.Linear op) {
    return op.weight().type().isQuantized();
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
