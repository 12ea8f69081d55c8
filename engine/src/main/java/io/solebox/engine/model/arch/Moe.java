package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp.Routing;
import io.solebox.engine.graph.ExpertOp.Scoring;
import io.solebox.engine.graph.ExpertOp.Stack;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/**
 * A mixture of experts in place of a feed-forward network.
 *
 * @param experts X
 * @param gating what stands between the matrices of an expert
 */
record Moe(int experts, Routing routing, Gating gating) {
  /** The usual kind: softmax over all, and the activation SiLU. */
  static Moe read(Keys keys, boolean normalized) {
    return read(
        keys, normalized, keys.uniform("expert_used_count", new DecoderKeys(keys).layers()));
  }

  /**
   * @param used k, for files where it differs from layer to layer
   */
  static Moe read(Keys keys, boolean normalized, int used) {
    int experts = keys.positive("expert_count");
    if (used > experts || used < 1) {
      throw keys.bad("expert_used_count", used + " of " + experts + " experts make no sense");
    }
    var routing =
        new Routing(
            Scoring.SOFTMAX,
            used,
            normalized,
            1,
            groups(keys, experts),
            usedGroups(keys),
            groupBest(keys));
    return new Moe(experts, routing, new Gating.By(Activation.SILU));
  }

  private static int groups(Keys keys, int experts) {
    int groups = Math.max(1, keys.countOr("expert_group_count", 1));
    if (experts % groups != 0) {
      throw keys.bad("expert_group_count", groups + " groups do not divide " + experts);
    }
    return groups;
  }

  private static int usedGroups(Keys keys) {
    return Math.max(1, keys.countOr("expert_group_used_count", 1));
  }

  /** GGUF has no key for it, and llama.cpp takes two; folders of DeepSeek-V2 say 1. */
  private static int groupBest(Keys keys) {
    int best = keys.countOr("expert_group_best_count", 2);
    keys.refuseIf(best != 1 && best != 2, "expert_group_best_count", "is " + best);
    return best;
  }

  /** With another scoring, as the file says or as its architecture has it. */
  Moe scored(Keys keys, Scoring fallback) {
    Scoring scoring =
        switch (keys.countOr("expert_gating_func", 0)) {
          case 0 -> fallback;
          case 1 -> Scoring.SOFTMAX;
          case 2 -> Scoring.SIGMOID;
          case 3 -> Scoring.SOFTMAX_OF_CHOSEN;
          default -> {
            keys.refuseIf(true, "expert_gating_func", "is of another kind");
            throw new AssertionError("refused");
          }
        };
    return withRouting(
        new Routing(
            scoring,
            routing.used(),
            routing.normalized(),
            routing.scale(),
            routing.groups(),
            routing.usedGroups(),
            routing.groupBest()));
  }

  /** With what the file says of the experts' shares. */
  Moe shared(Keys keys) {
    float scale = keys.numberOr("expert_weights_scale", 0);
    return withRouting(
        new Routing(
            routing.scoring(),
            routing.used(),
            keys.flagOr("expert_weights_norm", false),
            scale == 0 ? 1 : scale,
            routing.groups(),
            routing.usedGroups(),
            routing.groupBest()));
  }

  Moe withRouting(Routing other) {
    return new Moe(experts, other, gating);
  }

  Moe withGating(Gating other) {
    return new Moe(experts, routing, other);
  }

  /**
   * The tensors of a layer.
   *
   * @param shared whether there is an expert for all tokens
   */
  Ffn.Mixture bind(WeightBinder weights, int layer, boolean shared) {
    String prefix = "blk." + layer + ".";
    boolean fused = weights.has(prefix + "ffn_gate_up_exps.weight");
    return new Ffn.Mixture(
        this,
        weights.bind(Router.class, prefix),
        fused ? weights.bind(Fused.class, prefix) : weights.bind(Split.class, prefix),
        shared ? Optional.of(weights.bind(Shared.class, prefix)) : Optional.empty());
  }

  /** The sum of what a token's experts make of x [T, E]. */
  Value apply(GraphBuilder g, Value x, Router router, Experts weights) {
    return apply(g, x, x, router, weights);
  }

  /**
   * @param asked what the experts are chosen by, [T, E]
   */
  Value apply(GraphBuilder g, Value asked, Value x, Router router, Experts weights) {
    return apply(g, asked, x, router, weights, Optional.empty());
  }

  /**
   * @param expertScale f32 [X]: what each expert's share is multiplied with
   */
  Value apply(
      GraphBuilder g,
      Value asked,
      Value x,
      Router router,
      Experts weights,
      Optional<Weight> expertScale) {
    Value logits = g.linear("ffn_gate_inp", asked, router.weight());
    Value route = g.route(logits, router.selection(), expertScale, routing);
    return g.experts(
        x, route, weights.gate(experts), weights.up(experts), weights.down(experts), gating, false);
  }

  /**
   * @param weight [X, E]
   * @param selection what is added to scores to choose by
   */
  record Router(
      @Gguf("ffn_gate_inp") Projection weight,
      @Gguf(value = "exp_probs_b", suffix = "bias") Optional<Weight> selection) {}

  /** The matrices of all experts. */
  sealed interface Experts {
    Optional<Stack> gate(int experts);

    Stack up(int experts);

    Stack down(int experts);
  }

  private static Stack stack(Projection p, int experts) {
    return new Stack(p.weight(), experts, p.bias().map(Weight::flat));
  }

  record Split(
      @Gguf("ffn_gate_exps") Projection gates,
      @Gguf("ffn_up_exps") Projection ups,
      @Gguf("ffn_down_exps") Projection downs)
      implements Experts {
    @Override
    public Optional<Stack> gate(int experts) {
      return Optional.of(stack(gates, experts));
    }

    @Override
    public Stack up(int experts) {
      return stack(ups, experts);
    }

    @Override
    public Stack down(int experts) {
      return stack(downs, experts);
    }
  }

  /** Where one tensor has, for each expert, the rows of gate and then those of up. */
  record Fused(@Gguf("ffn_gate_up_exps") Projection both, @Gguf("ffn_down_exps") Projection downs)
      implements Experts {
    @Override
    public Optional<Stack> gate(int experts) {
      return Optional.of(half(experts, 0));
    }

    @Override
    public Stack up(int experts) {
      return half(experts, 1);
    }

    private Stack half(int experts, int which) {
      int rows = both.weight().rows() / experts / 2;
      return new Stack(both.weight(), experts, which * rows, rows, both.bias().map(Weight::flat));
    }

    @Override
    public Stack down(int experts) {
      return stack(downs, experts);
    }
  }

  /** Experts without a gate. */
  record Plain(@Gguf("ffn_up_exps") Projection ups, @Gguf("ffn_down_exps") Projection downs)
      implements Experts {
    @Override
    public Optional<Stack> gate(int experts) {
      return Optional.empty();
    }

    @Override
    public Stack up(int experts) {
      return stack(ups, experts);
    }

    @Override
    public Stack down(int experts) {
      return stack(downs, experts);
    }
  }

  /** The expert that every token takes, and how much of it where that is computed too. */
  record Shared(
      @Gguf("ffn_gate_shexp") Projection gate,
      @Gguf("ffn_up_shexp") Projection up,
      @Gguf("ffn_down_shexp") Projection down,
      @Gguf("ffn_gate_inp_shexp") Optional<Weight> share) {
    Value apply(GraphBuilder g, Value x) {
      Value y = new Ffn.Glu(gate, up, down).apply(g, x, Activation.SILU);
      return share.map(w -> g.scaleRows("ffn_shared", y, shareOf(g, x, w))).orElse(y);
    }

    private static Value shareOf(GraphBuilder g, Value x, Weight w) {
      return g.activate("ffn_share", g.linear("ffn_gate_inp_shexp", x, w), Activation.SIGMOID);
    }
  }
}
