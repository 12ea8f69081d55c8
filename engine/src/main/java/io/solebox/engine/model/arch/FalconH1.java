package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;

/** Falcon-H1 (arXiv:2507.22448): attention and Mamba-2 side by side in every layer. */
final class FalconH1 implements Architecture<FalconH1.Config> {
  record Config(DecoderConfig decoder, Mamba2.Sizes mamba) {}

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      Mamba2 mamba,
      @Gguf("ffn_norm") Weight ffnNorm,
      Ffn.Glu ffn) {}

  @Override
  public String name() {
    return "falcon-h1";
  }

  @Override
  public Config config(Keys keys) {
    return new Config(DecoderConfig.read(keys), Mamba2.Sizes.read(keys));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    weights.requireComplete();
    var rotation = d.rope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = new SelfAttention(g, d.attention(), rotation).of(h, w.qkv().parts(d.heads()));
      Value m = w.mamba().of(g, h, c.mamba(), d.norm());
      x = g.add("attn_residual", x, g.add("both", g.linear("attn_out", a, w.o()), m));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, w.ffn().apply(g, f, Activation.SILU));
    }
    return ends.finish(g, x, d.norm(), d.purpose());
  }
}
