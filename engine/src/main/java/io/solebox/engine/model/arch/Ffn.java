package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A feed-forward network, without the norm before it. F ffn. */
sealed interface Ffn {
  /**
   * @param x what it reads, [T, E]
   * @return what it adds, [T, E]
   */
  Value apply(GraphBuilder g, Value x, Activation activation);

  /** {@code down(activation(gate(x)) * up(x))} (Shazeer, arXiv:2002.05202). */
  record Glu(
      @Gguf("ffn_gate") Projection gate,
      @Gguf("ffn_up") Projection up,
      @Gguf("ffn_down") Projection down)
      implements Ffn {
    @Override
    public Value apply(GraphBuilder g, Value x, Activation activation) {
      Value act = g.gated("ffn_act", g.linear("gate", x, gate), g.linear("up", x, up), activation);
      return g.linear("down", act, down);
    }
  }

  /** The same, where one tensor has the rows of gate and then those of up. */
  record FusedGlu(@Gguf("ffn_up") Projection both, @Gguf("ffn_down") Projection down)
      implements Ffn {
    @Override
    public Value apply(GraphBuilder g, Value x, Activation activation) {
      int half = both.weight().rows() / 2;
      return new Glu(rows(0, half), rows(half, half), down).apply(g, x, activation);
    }

    private Projection rows(int from, int count) {
      Optional<Weight> bias = both.bias().map(b -> b.part(from, count));
      return new Projection(both.weight().rows(from, count), bias);
    }
  }

  /** A mixture of experts, with a shared one where it has that. Its activation is its own. */
  record Mixture(Moe moe, Moe.Router router, Moe.Experts experts, Optional<Moe.Shared> shared)
      implements Ffn {
    @Override
    public Value apply(GraphBuilder g, Value x, Activation activation) {
      Value y = moe.apply(g, x, router, experts);
      return shared.map(s -> g.add("ffn_both", y, s.apply(g, x))).orElse(y);
    }
  }

  /** The gated network of each layer, or the experts where there are some. */
  static List<Ffn> bind(WeightBinder weights, int layers, Optional<Moe> moe) {
    return bind(weights, layers, moe, false);
  }

  /**
   * @param shared whether there is an expert for all tokens
   */
  static List<Ffn> bind(WeightBinder weights, int layers, Optional<Moe> moe, boolean shared) {
    return IntStream.range(0, layers)
        .<Ffn>mapToObj(
            l ->
                moe.<Ffn>map(m -> m.bind(weights, l, shared))
                    .orElseGet(() -> weights.bind(Glu.class, "blk." + l + ".")))
        .toList();
  }

  /** {@code down(activation(up(x)))}. */
  record Mlp(@Gguf("ffn_up") Projection up, @Gguf("ffn_down") Projection down) implements Ffn {
    @Override
    public Value apply(GraphBuilder g, Value x, Activation activation) {
      return g.linear("down", g.activate("ffn_act", g.linear("up", x, up), activation), down);
    }
  }
}
