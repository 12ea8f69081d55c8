package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.Optional;

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

  /** {@code down(activation(up(x)))}. */
  record Mlp(@Gguf("ffn_up") Projection up, @Gguf("ffn_down") Projection down) implements Ffn {
    @Override
    public Value apply(GraphBuilder g, Value x, Activation activation) {
      return g.linear("down", g.activate("ffn_act", g.linear("up", x, up), activation), down);
    }
  }
}
