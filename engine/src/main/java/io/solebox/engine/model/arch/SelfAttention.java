package io.solebox.engine.model.arch;

import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Attention of a layer over its own keys and values. */
final class SelfAttention {
  private SelfAttention() {}

  /**
   * @param h what queries, keys and values are made of, [T, E]
   * @param query what happens to queries before they are compared
   * @param key what happens to keys before they are kept
   * @return [T, H*Dv]
   */
  static Value of(
      GraphBuilder g,
      Value h,
      Qkv.Split w,
      AttentionShape shape,
      UnaryOperator<Value> query,
      UnaryOperator<Value> key) {
    Value q = query.apply(g.linear("q", h, w.q())); // [T, H*D]
    Value k = key.apply(g.linear("k", h, w.k())); // [T, K*D]
    Value v = g.linear("v", h, w.v()); // [T, K*Dv]
    return g.attention(q, k, v, shape);
  }

  /** With rotary embedding of queries and keys. */
  static Value of(
      GraphBuilder g, Value h, Qkv.Split w, AttentionShape shape, Rotation rotation) {
    return of(
        g,
        h,
        w,
        shape,
        q -> g.rope("q_rope", q, shape.headDim(), rotation),
        k -> g.rope("k_rope", k, shape.headDim(), rotation));
  }

  /**
   * With RMS norms of queries and keys before they are turned, head by head or as a whole, as the
   * norms' gains are long.
   *
   * @param rotation none where positions do not count
   */
  static Value normed(
      GraphBuilder g,
      Value h,
      Qkv.Split w,
      AttentionShape shape,
      QkNorms norms,
      Optional<Rotation> rotation,
      float epsilon) {
    return of(
        g,
        h,
        w,
        shape,
        q -> turned(g, "q", norms.q(g, q, epsilon), shape, rotation),
        k -> turned(g, "k", norms.k(g, k, epsilon), shape, rotation));
  }

  private static Value turned(
      GraphBuilder g, String name, Value x, AttentionShape shape, Optional<Rotation> rotation) {
    return rotation.map(r -> g.rope(name + "_rope", x, shape.headDim(), r)).orElse(x);
  }

  /** Norms of queries and keys; some files of a family have none. */
  record QkNorms(@Gguf("attn_q_norm") Optional<Weight> q, @Gguf("attn_k_norm") Optional<Weight> k) {
    Value q(GraphBuilder g, Value x, float epsilon) {
      return q.map(w -> g.rmsNorm("q_norm", x, w, epsilon)).orElse(x);
    }

    Value k(GraphBuilder g, Value x, float epsilon) {
      return k.map(w -> g.rmsNorm("k_norm", x, w, epsilon)).orElse(x);
    }
  }
}
