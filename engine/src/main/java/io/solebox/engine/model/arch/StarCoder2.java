package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.source.Keys;

/**
 * StarCoder 2 (Lozhkov et al., arXiv:2402.19173) and Nemotron (arXiv:2407.14679): layer norms,
 * biases, a network without a gate.
 */
final class StarCoder2 implements Architecture<DecoderConfig> {
  private final String name;
  private final Activation activation;

  StarCoder2(String name, Activation activation) {
    this.name = name;
    this.activation = activation;
  }

  record Layer(
      @Gguf("attn_norm") Projection attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Projection ffnNorm,
      Ffn.Mlp ffn) {}

  @Override
  public String name() {
    return name;
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
      Value h = c.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = new SelfAttention(g, c.attention(), rotation).of(h, w.qkv().parts(c.heads()));
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = c.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, w.ffn().apply(g, f, activation));
    }
    return ends.finish(g, x, c.norm(), c.purpose());
  }
}
