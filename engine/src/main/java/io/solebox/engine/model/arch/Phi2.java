package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.source.Keys;

/** Phi 1 and 2 (Li et al., arXiv:2309.05463): attention and network read the same. */
final class Phi2 implements Architecture<DecoderConfig> {
  record Layer(
      @Gguf("attn_norm") Projection norm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      Ffn.Mlp ffn) {}

  @Override
  public String name() {
    return "phi2";
  }

  @Override
  public DecoderConfig config(Keys keys) {
    return DecoderConfig.read(keys, new DecoderKeys(keys).layerNorm());
  }

  @Override
  public Graph graph(DecoderConfig c, WeightBinder weights) {
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    weights.requireComplete();
    var rotation = c.rope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "norm", x, w.norm());
      Value a = new SelfAttention(g, c.attention(), rotation).of(h, w.qkv().parts(c.heads()));
      Value with = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      x = g.add("ffn_residual", with, w.ffn().apply(g, h, Activation.GELU));
    }
    return ends.finish(g, x, c.norm(), c.purpose());
  }
}
