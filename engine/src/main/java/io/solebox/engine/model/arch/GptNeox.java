package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.source.Keys;

/**
 * GPT-NeoX and Pythia (Black et al., arXiv:2204.06745), whose network reads what attention reads,
 * or what comes behind it.
 */
final class GptNeox implements Architecture<GptNeox.Config> {
  record Config(DecoderConfig decoder, boolean parallel) {}

  record Layer(
      @Gguf("attn_norm") Projection attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Projection ffnNorm,
      Ffn.Mlp ffn) {}

  @Override
  public String name() {
    return "gptneox";
  }

  @Override
  public Config config(Keys keys) {
    return new Config(
        DecoderConfig.read(keys, new DecoderKeys(keys).layerNorm()),
        keys.flagOr("use_parallel_residual", true));
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
      Value with = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", c.parallel() ? x : with, w.ffnNorm());
      x = g.add("ffn_residual", with, w.ffn().apply(g, f, Activation.GELU_ERF));
    }
    return ends.finish(g, x, d.norm(), d.purpose());
  }
}
