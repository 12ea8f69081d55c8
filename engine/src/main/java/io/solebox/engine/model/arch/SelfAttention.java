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
 * @param norms of queries and keys before they are turned, head by head or as a whole, as the gains
 *     are long
 * @param rotation none where positions do not count
 */
record SelfAttention(
    GraphBuilder g,
    AttentionShape shape,
    QkNorms norms,
    Optional<Rotation> rotation,
    float epsilon) {

  /** Norms of queries and keys; many files have none. */
  record QkNorms(@Gguf("attn_q_norm") Optional<Weight> q, @Gguf("attn_k_norm") Optional<Weight> k) {
    static final QkNorms NONE = new QkNorms(Optional.empty(), Optional.empty());
  }

  /** Without norms. */
  SelfAttention(GraphBuilder g, AttentionShape shape, Rotation rotation) {
    this(g, shape, QkNorms.NONE, Optional.of(rotation), 0);
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
    Value normed = norms.q().map(w -> g.rmsNorm("q_norm", q, w, epsilon)).orElse(q);
    return turned("q_rope", normed);
  }

  /** Normed and turned. */
  Value keys(Value k) {
    Value normed = norms.k().map(w -> g.rmsNorm("k_norm", k, w, epsilon)).orElse(k);
    return turned("k_rope", normed);
  }

  private Value turned(String name, Value x) {
    return rotation.map(r -> g.rope(name, x, shape.headDim(), r)).orElse(x);
  }
}
