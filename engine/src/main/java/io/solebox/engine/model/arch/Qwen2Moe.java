package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/** Qwen 1.5 and 2 with experts (arXiv:2407.10671): shares are as they come; one expert for all. */
final class Qwen2Moe implements Architecture<Qwen2Moe.Config> {
  record Config(DecoderConfig decoder, Moe moe) {}

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Weight ffnNorm) {}

  @Override
  public String name() {
    return "qwen2moe";
  }

  @Override
  public Config config(Keys keys) {
    return new Config(DecoderConfig.read(keys), Moe.read(keys, false));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var ffns = Ffn.bind(weights, d.numLayers(), Optional.of(c.moe()), true);
    weights.requireComplete();
    var rotation = d.rope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = new SelfAttention(g, d.attention(), rotation).of(h, w.qkv().parts(d.heads()));
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return ends.finish(g, x, d.norm(), d.purpose());
  }
}
