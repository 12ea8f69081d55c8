package io.solebox.engine.graph;

import io.solebox.engine.graph.Weight.Role;
import io.solebox.engine.graph.Weight.Use;
import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Adds to the product of a matrix what adapters have learned (LoRA, Hu et al., arXiv:2106.09685):
 * {@code y + scale * B (A x)} for the tokens of sequences that use an adapter with a change here.
 * The rows of all others are those of y, to the bit.
 *
 * @param y the product [T, out]
 * @param x what the matrix was multiplied with [T, in]
 * @param changes at most one of each adapter
 */
public record LowRank(Value out, Value y, Value x, List<Change> changes) implements Op {
  /**
   * What one adapter changes.
   *
   * @param variant of the model: the number of the adapter, from 1 on; 0 is the model alone
   * @param a [rank, in]
   * @param b [out, rank]
   */
  public record Change(int variant, Weight a, Weight b, float scale) {
    /** Whatever the file has, both are small and computed as f32. */
    public Change {
      a = a.as(TensorType.F32);
      b = b.as(TensorType.F32);
    }

    public int rank() {
      return a.rows();
    }

    public long bytes() {
      return a.bytes() + b.bytes();
    }
  }

  /**
   * @throws IllegalArgumentException if shapes do not fit
   */
  public LowRank {
    changes = List.copyOf(changes);
    for (Change c : changes) {
      boolean fits =
          c.a().cols() == x.width()
              && c.b().rows() == out.width()
              && c.b().cols() == c.rank()
              && y.width() == out.width();
      if (!fits) {
        throw new IllegalArgumentException(
            "%s: [T, %d] to [T, %d] does not fit %s [%d, %d] and %s [%d, %d]"
                .formatted(
                    out.name(),
                    x.width(),
                    out.width(),
                    c.a().name(),
                    c.a().rows(),
                    c.a().cols(),
                    c.b().name(),
                    c.b().rows(),
                    c.b().cols()));
      }
    }
  }

  @Override
  public List<Value> inputs() {
    return List.of(y, x);
  }

  @Override
  public List<Use> weights() {
    return changes.stream()
        .flatMap(c -> Stream.of(new Use(c.a(), Role.ADAPTER), new Use(c.b(), Role.ADAPTER)))
        .toList();
  }

  /** Of the adapter that costs most. */
  @Override
  public long flopsPerToken() {
    return 2L * maxRank() * (x.width() + out.width());
  }

  public int maxRank() {
    return changes.stream().mapToInt(Change::rank).max().orElse(0);
  }

  /** Of the adapter that costs most: a token meets one. */
  public long maxBytes() {
    return changes.stream().mapToLong(Change::bytes).max().orElse(0);
  }

  /** What is added to the rows of a variant. */
  public Optional<Change> change(int variant) {
    return changes.stream().filter(c -> c.variant() == variant).findFirst();
  }
}
