package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/**
 * Command R and R7B (Cohere, arXiv:2504.00698): attention and network read the same layer norm. In
 * the second generation only layers with a window know positions.
 */
final class Cohere implements Architecture<Cohere.Config> {
  private static final int PERIOD = 4;

  private final Generation generation;

  /** Which of both. */
  enum Generation {
    FIRST("command-r"),
    SECOND("cohere2");

    private final String architecture;

    Generation(String architecture) {
      this.architecture = architecture;
    }
  }

  Cohere(Generation generation) {
    this.generation = generation;
  }

  record Config(DecoderConfig decoder, boolean[] windowed, float logitScale) {}

  record Layer(
      @Gguf("attn_norm") Projection norm,
      Qkv qkv,
      @Gguf("attn_q_norm") Optional<Weight> qNorm,
      @Gguf("attn_k_norm") Optional<Weight> kNorm,
      @Gguf("attn_output") Projection o,
      Ffn.Glu ffn) {}

  @Override
  public String name() {
    return generation.architecture;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    var d = DecoderConfig.read(keys, decoder.layerNorm());
    boolean[] windowed =
        switch (generation) {
          case FIRST -> new boolean[d.numLayers()];
          case SECOND -> decoder.windowed(PERIOD, false);
        };
    return new Config(d, windowed, decoder.factor("logit_scale"));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    weights.requireComplete();
    var rotation = d.rope().rotation(Rotation.Pairing.ADJACENT);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "norm", x, w.norm());
      Value a = attention(g, h, w, c, l, rotation);
      Value with = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      x = g.add("ffn_residual", with, w.ffn().apply(g, h, Activation.SILU));
    }
    return ends.finish(
        g, x, d.norm(), d.purpose(), y -> g.scale("logits_scaled", y, c.logitScale()));
  }

  private Value attention(
      GraphBuilder g, Value h, Layer w, Config c, int layer, Rotation rotation) {
    DecoderConfig d = c.decoder();
    boolean window = c.windowed()[layer];
    boolean rotated = generation == Generation.FIRST || window;
    var shape = d.attention().withMask(window ? d.mask() : new Mask.Causal());
    Qkv.Split qkv = w.qkv().parts(d.heads());
    Value q = normed(g, d, "q_norm", g.linear("q", h, qkv.q()), w.qNorm());
    Value k = normed(g, d, "k_norm", g.linear("k", h, qkv.k()), w.kNorm());
    Value v = g.linear("v", h, qkv.v());
    return g.attention(
        rotated ? g.rope("q_rope", q, d.headDim(), rotation) : q,
        rotated ? g.rope("k_rope", k, d.headDim(), rotation) : k,
        v,
        shape);
  }

  /** A gain for each element of each head, and a norm for each head by itself. */
  private static Value normed(
      GraphBuilder g, DecoderConfig d, String name, Value x, Optional<Weight> gain) {
    return gain.map(
            w -> {
              Value plain = Norm.centred(g, name, x, d.headDim(), d.norm().epsilon());
              return g.scaleColumns(name + "_gain", plain, w);
            })
        .orElse(x);
  }
}
