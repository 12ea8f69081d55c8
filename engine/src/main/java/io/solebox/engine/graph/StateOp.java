package io.solebox.engine.graph;

import io.solebox.engine.graph.Weight.Role;
import io.solebox.engine.graph.Weight.Use;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What remembers a sequence in a state of fixed size. The state that a token leaves is a function
 * of the tokens before it alone, however they were cut into steps.
 */
public sealed interface StateOp extends Op {
  /** The state. */
  Keep.Slot keep();

  @Override
  default List<Keep> keeps() {
    return List.of(keep());
  }

  /**
   * Causal convolution of each channel over time, a tap per column of the kernel [width, taps]:
   * {@code out[p, c] = sum over j of kernel[c, j] * x[p - taps + 1 + j, c] (+ bias[c])}, where
   * positions before the sequence count as zeros (Mamba, arXiv:2312.00752; LFM2).
   *
   * @param keep the last {@code taps - 1} inputs
   */
  record ShortConv(Value out, Value x, Weight kernel, Optional<Weight> bias, Keep.Slot keep)
      implements StateOp {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public List<Use> weights() {
      return Stream.concat(
              Stream.of(new Use(kernel, Role.VECTOR)),
              bias.stream().map(b -> new Use(b, Role.VECTOR)))
          .toList();
    }

    @Override
    public long flopsPerToken() {
      return 2L * kernel.rows() * kernel.cols();
    }

    public int taps() {
      return kernel.cols();
    }
  }

  /**
   * The gated delta rule (Yang et al., arXiv:2412.06464). A value head has the state S [Dk, Dv],
   * zeros at first; each token lets it fade, corrects what it says of the token's key, and asks it
   * by the query:
   *
   * <pre>
   * S = e^(rate * softplus(a + bias)) S
   * S = S + k (sigmoid(b) (v - S^T k))^T
   * out = S^T q
   * </pre>
   *
   * <p>Value heads share the queries and keys of fewer heads ({@link Sharing}).
   *
   * @param out [T, Hv*Dv]
   * @param q [T, Hk*Dk], scaled
   * @param k [T, Hk*Dk]
   * @param v [T, Hv*Dv]
   * @param a [T, Hv]
   * @param b [T, Hv]
   * @param bias f32 [Hv]
   * @param rate f32 [Hv], below 0
   * @param keyDim Dk
   * @param keep per value head [Dv, Dk]: the state transposed
   */
  record GatedDelta(
      Value out,
      Value q,
      Value k,
      Value v,
      Value a,
      Value b,
      Weight bias,
      Weight rate,
      int keyDim,
      Sharing sharing,
      Keep.Slot keep)
      implements StateOp {
    @Override
    public List<Value> inputs() {
      return List.of(q, k, v, a, b);
    }

    @Override
    public List<Use> weights() {
      return List.of(new Use(bias, Role.VECTOR), new Use(rate, Role.VECTOR));
    }

    @Override
    public long flopsPerToken() {
      return 7L * v.width() * keyDim;
    }

    /** Hv. */
    public int heads() {
      return a.width();
    }

    /** Hk. */
    public int keyHeads() {
      return k.width() / keyDim;
    }

    /** Whose query and key value head {@code h} reads. */
    public int keyHead(int h) {
      return switch (sharing) {
        case NEIGHBOURS -> h / (heads() / keyHeads());
        case BY_TURNS -> h % keyHeads();
      };
    }

    /** Dv. */
    public int valueDim() {
      return v.width() / heads();
    }
  }

  /** Which value heads have a key head in common. */
  enum Sharing {
    /** Those that stand together: h reads {@code h / (Hv / Hk)}. */
    NEIGHBOURS,
    /** Every Hk-th: h reads {@code h % Hk}. */
    BY_TURNS
  }

  /**
   * The selective scan of Mamba-2 (Dao and Gu, arXiv:2405.21060). A head has the state S [P, N],
   * zeros at first:
   *
   * <pre>
   * d = softplus(dt + bias)
   * S = e^(rate * d) S + (d x) B^T
   * out = S C + skip * x
   * </pre>
   *
   * <p>Head h reads B and C of group {@code h / (H / G)}.
   *
   * @param out [T, H*P]
   * @param x [T, H*P]
   * @param b [T, G*N]
   * @param c [T, G*N]
   * @param dt [T, H]
   * @param bias f32 [H]
   * @param rate f32 [H], below 0
   * @param skip f32 [H]
   * @param stateDim N
   * @param keep per head [P, N]
   */
  record SelectiveScan(
      Value out,
      Value x,
      Value b,
      Value c,
      Value dt,
      Weight bias,
      Weight rate,
      Weight skip,
      int stateDim,
      Keep.Slot keep)
      implements StateOp {
    @Override
    public List<Value> inputs() {
      return List.of(x, b, c, dt);
    }

    @Override
    public List<Use> weights() {
      return Stream.of(bias, rate, skip).map(w -> new Use(w, Role.VECTOR)).toList();
    }

    @Override
    public long flopsPerToken() {
      return 5L * x.width() * stateDim;
    }

    /** H. */
    public int heads() {
      return dt.width();
    }

    /** P. */
    public int headDim() {
      return x.width() / heads();
    }

    /** G. */
    public int groups() {
      return b.width() / stateDim;
    }
  }
}
