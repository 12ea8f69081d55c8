package io.solebox.engine.model.arch;

import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Attention of a layer over its own keys and values.
 *
 * @param norms of queries and keys, head by head or as a whole, as the gains are long
 * @param rotation none where positions do not count
 * @param normedLast whether the norms come after queries and keys are turned
 */
record SelfAttention(
    GraphBuilder g,
    AttentionShape shape,
    Optional<QkNorms> norms,
    Optional<Rotation> rotation,
    float epsilon,
    boolean normedLast) {

  /** With norms before queries and keys are turned. */
  SelfAttention(
      GraphBuilder g,
      AttentionShape shape,
      Optional<QkNorms> norms,
      Optional<Rotation> rotation,
      float epsilon) {
    this(g, shape, norms, rotation, epsilon, false);
  }

  /** The gains of norms of queries and keys. */
  record QkNorms(@Gguf("attn_q_norm") Weight q, @Gguf("attn_k_norm") Weight k) {}

  /** Without norms. */
  SelfAttention(GraphBuilder g, AttentionShape shape, Rotation rotation) {
    this(g, shape, Optional.empty(), Optional.of(rotation), 0);
  }

  /**
   * @param h what queries, keys and values are made of, [T, E]
   * @return [T, H*Dv]
   */
  Value of(Value h, Qkv.Split w) {
    return of(h, w, q -> q);
  }

  /**
   * @param query what happens to queries last
   */
  Value of(Value h, Qkv.Split w, UnaryOperator<Value> query) {
    Value q = query.apply(queries(g.linear("q", h, w.q()))); // [T, H*D]
    Value k = keys(g.linear("k", h, w.k())); // [T, K*D]
    return g.attention(q, k, g.linear("v", h, w.v()), shape);
  }

  /** Normed and turned. */
  Value queries(Value q) {
    return prepared("q", q, norms.map(QkNorms::q));
  }

  /** Normed and turned. */
  Value keys(Value k) {
    return prepared("k", k, norms.map(QkNorms::k));
  }

  private Value prepared(String name, Value x, Optional<Weight> gain) {
    return normedLast
        ? normed(name + "_norm", turned(name + "_rope", x), gain)
        : turned(name + "_rope", normed(name + "_norm", x, gain));
  }

  private Value normed(String name, Value x, Optional<Weight> gain) {
    return gain.map(w -> g.rmsNorm(name, x, w, epsilon)).orElse(x);
  }

  private Value turned(String name, Value x) {
    return rotation.map(r -> g.rope(name, x, shape.headDim(), r)).orElse(x);
  }
}
