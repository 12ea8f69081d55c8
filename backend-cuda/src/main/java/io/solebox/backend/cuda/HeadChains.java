package io.solebox.backend.cuda;

import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What stands between the products with q and k and an attention, where one kernel does it: norms
 * and rotations of heads.
 */
record HeadChains(Chain q, Chain k) {
  /** How q or k comes to attention: from {@code base}, perhaps normed, perhaps turned. */
  record Chain(Value base, Optional<Op.RmsNorm> norm, Optional<Op.Rope> rope) {
    private static Chain of(GraphUse use, Value v, int headDim) {
      Value at = v;
      var rope = use.onlyFor(at, Op.Rope.class).filter(r -> r.headDim() == headDim);
      at = rope.map(Op.Rope::x).orElse(at);
      var norm = use.onlyFor(at, Op.RmsNorm.class).filter(n -> n.gain().cols() == headDim);
      at = norm.map(Op.RmsNorm::x).orElse(at);
      return new Chain(at, norm, rope);
    }

    private static Chain bare(Value v) {
      return new Chain(v, Optional.empty(), Optional.empty());
    }

    /** Whether nothing is done to it. */
    boolean isBare() {
      return norm.isEmpty() && rope.isEmpty();
    }

    private Stream<Value> joined() {
      return Stream.concat(norm.stream().map(Op.RmsNorm::out), rope.stream().map(Op.Rope::out));
    }
  }

  static HeadChains of(GraphUse use, Op.Attention op, Op.KeysValues fresh) {
    var chains =
        new HeadChains(Chain.of(use, op.q(), op.headDim()), Chain.of(use, fresh.k(), op.headDim()));
    return chains.agree() ? chains : new HeadChains(Chain.bare(op.q()), Chain.bare(fresh.k()));
  }

  /** One kernel does both, with one rotation and one epsilon. */
  private boolean agree() {
    boolean sameRotation =
        q.rope().isPresent() == k.rope().isPresent()
            && (q.rope().isEmpty()
                || RopeTables.same(q.rope().get().rotation(), k.rope().get().rotation()));
    boolean sameEps =
        q.norm().isEmpty() || k.norm().isEmpty() || q.norm().get().eps() == k.norm().get().eps();
    return sameRotation && sameEps;
  }

  /** Of the norms; 0 where there are none. */
  float eps() {
    return q.norm().or(k::norm).map(Op.RmsNorm::eps).orElse(0f);
  }

  /** The values that this leaves to nobody else. */
  List<Value> joined() {
    return Stream.concat(q.joined(), k.joined()).toList();
  }
}
