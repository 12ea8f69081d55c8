package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Llama 4 (Meta, 2025), text only: three of four layers attend within chunks and know positions,
 * the fourth sees everything and knows none; shares of experts are multiplied to what these read.
 */
final class Llama4 implements Architecture<Llama4.Config> {
  private static final int PERIOD = 4;
  private static final int CHUNK = 8192;
  private static final float GROWTH = 0.1f;

  /** The one with so many experts norms no queries and keys. */
  private static final int EXPERTS_WITHOUT_NORMS = 128;

  /**
   * @param chunked whether there are chunks at all
   * @param step every so many-th layer has experts; 0 for none
   */
  record Config(DecoderConfig decoder, Moe moe, boolean chunked, int step) {
    boolean hasExperts(int layer) {
      return step > 0 && (layer + 1) % step == 0;
    }

    boolean isFull(int layer) {
      return chunked && (layer + 1) % PERIOD == 0;
    }
  }

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Weight ffnNorm) {}

  record Top(Ends ends, LongRope factors) {}

  /** Experts whose shares are multiplied to what they read, and the one for all. */
  record ScaledInputs(Moe moe, Moe.Router router, Moe.Experts experts, Moe.Shared shared)
      implements Network {
    @Override
    public Value of(GraphBuilder g, Value x) {
      Value route =
          g.route(g.linear("ffn_gate_inp", x, router.weight()), Optional.empty(), moe.routing());
      int n = moe.experts();
      Value y =
          g.experts(x, route, experts.gate(n), experts.up(n), experts.down(n), moe.gating(), true);
      return g.add("ffn_both", y, shared.apply(g, x));
    }
  }

  record Dense(Ffn.Glu ffn) implements Network {
    @Override
    public Value of(GraphBuilder g, Value x) {
      return ffn.apply(g, x, Activation.SILU);
    }
  }

  /** What stands behind the second norm of a layer. */
  sealed interface Network {
    Value of(GraphBuilder g, Value x);
  }

  @Override
  public String name() {
    return "llama4";
  }

  @Override
  public Config config(Keys keys) {
    int window = keys.countOr("attention.sliding_window", CHUNK);
    keys.refuseIf(window != 0 && window != CHUNK, "attention.sliding_window", "is " + window);
    Moe moe =
        Moe.read(keys, false)
            .scored(keys, ExpertOp.Scoring.SIGMOID)
            .withGating(new Gating.By(Activation.SILU));
    return new Config(
        DecoderConfig.read(keys), moe, window > 0, keys.countOr("interleave_moe_layer_step", 1));
  }

  private static Network network(Config c, WeightBinder weights, int layer) {
    String prefix = "blk." + layer + ".";
    return c.hasExperts(layer)
        ? new ScaledInputs(
            c.moe(),
            weights.bind(Moe.Router.class, prefix),
            weights.bind(Moe.Split.class, prefix),
            weights.bind(Moe.Shared.class, prefix))
        : new Dense(weights.bind(Ffn.Glu.class, prefix));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    List<Network> networks =
        IntStream.range(0, d.numLayers()).mapToObj(l -> network(c, weights, l)).toList();
    weights.requireComplete();
    var rotation =
        top.factors().rotation(d.rope(), Rotation.Pairing.ADJACENT, weights, OptionalInt.empty());

    var g = new GraphBuilder();
    Value x = g.embed(top.ends().tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = attention(g, h, w.qkv().parts(d.heads()), c, c.isFull(l), rotation);
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, networks.get(l).of(g, f));
    }
    return top.ends().finish(g, x, d.norm(), d.purpose());
  }

  private static Value attention(
      GraphBuilder g, Value h, Qkv.Split w, Config c, boolean full, Rotation rotation) {
    AttentionShape plain = c.decoder().attention();
    Value q = g.linear("q", h, w.q());
    Value k = g.linear("k", h, w.k());
    Value v = g.linear("v", h, w.v());
    if (full) {
      q = g.scaleByPosition("q_growth", q, GROWTH, CHUNK, 1);
      return g.attention(q, k, v, plain.withMask(new Mask.Causal()));
    }
    q = g.rope("q_rope", q, plain.headDim(), rotation);
    k = g.rope("k_rope", k, plain.headDim(), rotation);
    if (c.moe().experts() != EXPERTS_WITHOUT_NORMS) {
      q = Norm.plain(g, "q_norm", q, plain.headDim(), c.decoder().norm().epsilon());
      k = Norm.plain(g, "k_norm", k, plain.headDim(), c.decoder().norm().epsilon());
    }
    Mask mask = c.chunked() ? new Mask.Chunked(CHUNK) : new Mask.Causal();
    return g.attention(q, k, v, plain.withMask(mask));
  }
}
