package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/** What Mamba-2 has in place of attention (Dao and Gu, arXiv:2405.21060). */
record Mamba2(
    @Gguf("ssm_in") Projection in,
    @Gguf("ssm_conv1d") Projection convolution,
    @Gguf(value = "ssm_dt", suffix = "bias") Weight bias,
    @Gguf(value = "ssm_a", suffix = "") Weight rate,
    @Gguf(value = "ssm_d", suffix = "") Weight skip,
    @Gguf("ssm_norm") Optional<Weight> norm,
    @Gguf("ssm_out") Projection out) {

  /**
   * @param inner elements of all heads
   * @param heads H
   * @param groups G, which heads share B and C
   * @param state N, elements of B and C
   */
  record Sizes(int inner, int heads, int groups, int state) {
    static Sizes read(Keys keys) {
      keys.positive("ssm.conv_kernel"); // the tensor says it
      var sizes =
          new Sizes(
              keys.positive("ssm.inner_size"),
              keys.positive("ssm.time_step_rank"),
              keys.positiveOr("ssm.group_count", 1),
              keys.positive("ssm.state_size"));
      if (sizes.inner % sizes.heads != 0 || sizes.heads % sizes.groups != 0) {
        throw keys.bad(
            "ssm.time_step_rank",
            "%d heads do not divide %d, or %d groups do not divide them"
                .formatted(sizes.heads, sizes.inner, sizes.groups));
      }
      return sizes;
    }

    /** Elements of B, and of C, of all groups. */
    int shared() {
      return groups * state;
    }
  }

  /**
   * @param h [T, E]
   * @return [T, E]
   */
  Value of(GraphBuilder g, Value h, Sizes s, Norm kind) {
    Value all = g.linear("ssm_in", h, in); // [T, 2 * inner + 2 * G*N + H]
    int mixed = s.inner() + 2 * s.shared();
    Value z = g.slice("ssm_z", all, all.width(), 0, s.inner());
    Value xbc = g.slice("ssm_xbc", all, all.width(), s.inner(), mixed);
    Value dt = g.slice("ssm_dt", all, all.width(), s.inner() + mixed, s.heads());
    Value conv = g.shortConv("conv", xbc, convolution.weight(), convolution.bias());
    conv = g.activate("conv_act", conv, Activation.SILU);
    Value x = g.slice("ssm_x", conv, mixed, 0, s.inner());
    Value b = g.slice("ssm_b", conv, mixed, s.inner(), s.shared());
    Value c = g.slice("ssm_c", conv, mixed, s.inner() + s.shared(), s.shared());
    Value y = g.selectiveScan(x, b, c, dt, bias, rate, skip, s.state());
    Value gated = g.gated("ssm_gated", z, y, Activation.SILU);
    Value normed = norm.map(w -> normed(g, gated, s, kind, w)).orElse(gated);
    return g.linear("ssm_out", normed, out);
  }

  /** Each group by itself, with gains of its own. */
  private static Value normed(GraphBuilder g, Value x, Sizes s, Norm kind, Weight gain) {
    Value plain = Norm.plain(g, "ssm_norm", x, s.inner() / s.groups(), kind.epsilon());
    return g.scaleColumns("ssm_norm_gain", plain, gain);
  }
}
