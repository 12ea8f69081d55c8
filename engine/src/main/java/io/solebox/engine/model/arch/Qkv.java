package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Weight;
import java.util.Optional;

/** The projections to queries, keys and values of a layer, however a file stores them. */
sealed interface Qkv {
  /** Each by itself, for heads of this kind. */
  Split parts(Heads heads);

  /** Three tensors. */
  record Split(Projection q, Projection k, Projection v) implements Qkv {
    @Override
    public Split parts(Heads heads) {
      return this;
    }
  }

  /**
   * One over the other in one tensor, as files of any architecture may have them.
   *
   * @param q biases that stand by themselves, where the one tensor has none
   */
  record Fused(Projection all, Optional<Weight> q, Optional<Weight> k, Optional<Weight> v)
      implements Qkv {
    @Override
    public Split parts(Heads heads) {
      int queries = heads.count() * heads.dim();
      int keys = heads.kvCount() * heads.dim();
      int values = heads.kvCount() * heads.valueDim();
      if (all.weight().rows() != queries + keys + values) {
        throw new IllegalArgumentException(
            "%s has %d rows where q, k and v have %d, %d and %d"
                .formatted(all.weight().name(), all.weight().rows(), queries, keys, values));
      }
      return new Split(
          part(0, queries, q), part(queries, keys, k), part(queries + keys, values, v));
    }

    private Projection part(int from, int rows, Optional<Weight> own) {
      Optional<Weight> bias = all.bias().map(b -> b.part(from, rows));
      return new Projection(all.weight().rows(from, rows), bias.or(() -> own));
    }
  }
}
