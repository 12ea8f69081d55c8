package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.InputSquares;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sums of squares of what the matrices of a watched graph are multiplied with. */
final class ReferenceWatch {
  private final boolean wanted;
  private final Map<Object, Sums> all = new LinkedHashMap<>();

  ReferenceWatch(boolean wanted) {
    this.wanted = wanted;
  }

  /** What experts are multiplied with in their first and in their last matrices. */
  private record Inner(Op op, boolean last) {}

  /** Of one input; ops that share it are its owner, and others that only say their names. */
  private static final class Sums {
    private final Op owner;
    private final Set<String> weights = new LinkedHashSet<>();
    private final double[] squares;
    private final long[] counts;

    Sums(Op owner, int columns, int matrices) {
      this.owner = owner;
      this.squares = new double[columns * matrices];
      this.counts = new long[matrices];
    }

    InputSquares read() {
      float[] sums = new float[squares.length];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = (float) squares[i];
      }
      return new InputSquares(weights, sums, counts.clone());
    }
  }

  /** Rows of a product that all meet the weight. */
  void rows(Op op, Value x, Weight weight, float[] values, int rows) {
    if (!wanted) {
      return;
    }
    Sums sums = all.computeIfAbsent(x, _ -> new Sums(op, x.width(), 1));
    sums.weights.add(weight.name());
    if (sums.owner == op) {
      for (int i = 0; i < rows * x.width(); i++) {
        sums.squares[i % x.width()] += (double) values[i] * values[i];
      }
      sums.counts[0] += rows;
    }
  }

  /**
   * A row of one expert.
   *
   * @param in what its first matrices are multiplied with
   * @param act what its last one is multiplied with
   */
  void expert(ExpertOp.Experts op, int expert, double[] in, double[] act) {
    if (wanted) {
      expert(op, false, expert, in).add(op.up().weight().name());
      op.gate().ifPresent(gate -> expert(op, false).add(gate.weight().name()));
      expert(op, true, expert, act).add(op.down().weight().name());
    }
  }

  private Set<String> expert(ExpertOp.Experts op, boolean last) {
    return all.get(new Inner(op, last)).weights;
  }

  private Set<String> expert(ExpertOp.Experts op, boolean last, int expert, double[] x) {
    Sums sums =
        all.computeIfAbsent(new Inner(op, last), _ -> new Sums(op, x.length, op.up().experts()));
    for (int i = 0; i < x.length; i++) {
      sums.squares[expert * x.length + i] += x[i] * x[i];
    }
    sums.counts[expert]++;
    return sums.weights;
  }

  List<InputSquares> read() {
    return all.values().stream().map(Sums::read).toList();
  }
}
