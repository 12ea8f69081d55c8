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
import java.util.OptionalInt;

/**
 * Phi 3 and 4 (Abdin et al., arXiv:2404.14219). Gate and up are one tensor. As in llama.cpp the
 * window of some files does not count.
 */
final class Phi3 implements Architecture<Phi3.Config> {
  record Config(DecoderConfig decoder, OptionalInt shortContext) {}

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Weight ffnNorm,
      Ffn.FusedGlu ffn) {}

  record Top(Ends ends, LongRope factors) {}

  @Override
  public String name() {
    return "phi3";
  }

  @Override
  public Config config(Keys keys) {
    var d = DecoderConfig.read(keys);
    var without =
        new DecoderConfig(
            d.numLayers(), d.heads(), d.rope(), new Mask.Causal(), d.norm(), d.purpose());
    return new Config(without, new RopeKeys(keys).shortContext());
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    weights.requireComplete();
    var rotation =
        top.factors().rotation(d.rope(), Rotation.Pairing.HALVES, weights, c.shortContext());

    var g = new GraphBuilder();
    Value x = g.embed(top.ends().tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = new SelfAttention(g, d.attention(), rotation).of(h, w.qkv().parts(d.heads()));
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, w.ffn().apply(g, f, Activation.SILU));
    }
    return top.ends().finish(g, x, d.norm(), d.purpose());
  }
}
