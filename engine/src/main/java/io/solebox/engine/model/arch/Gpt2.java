package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;

/** GPT-2 (Radford et al., 2019): learned positions, layer norms, biases everywhere. */
final class Gpt2 implements Architecture<Gpt2.Config> {
  record Config(int numLayers, Heads heads, Norm norm) {}

  record Layer(
      @Gguf("attn_norm") Projection attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Projection ffnNorm,
      Ffn.Mlp ffn) {}

  record Top(Ends ends, @Gguf("position_embd") Weight positionEmbd) {}

  @Override
  public String name() {
    return "gpt2";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    return new Config(decoder.layers(), decoder.heads(), decoder.layerNorm());
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    weights.requireComplete();
    var shape = c.heads().attention(new Mask.Causal());

    var g = new GraphBuilder();
    Value x =
        g.add("embed_both", g.embed(top.ends().tokenEmbd()), g.embedPosition(top.positionEmbd()));
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "attn_norm", x, w.attnNorm());
      Qkv.Split qkv = w.qkv().parts(c.heads());
      Value q = g.linear("q", h, qkv.q());
      Value a = g.attention(q, g.linear("k", h, qkv.k()), g.linear("v", h, qkv.v()), shape);
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = c.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, w.ffn().apply(g, f, Activation.GELU));
    }
    return top.ends().finish(g, x, c.norm(), Purpose.ANSWER);
  }
}
