package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;

/** GLM 4 (arXiv:2406.12793): norms before and behind attention and network; gate and up in one. */
final class Glm4 implements Architecture<DecoderConfig> {
  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("post_attention_norm") Weight postAttentionNorm,
      @Gguf("ffn_norm") Weight ffnNorm,
      Ffn.FusedGlu ffn,
      @Gguf("post_ffw_norm") Weight postFfwNorm) {}

  @Override
  public String name() {
    return "glm4";
  }

  @Override
  public DecoderConfig config(Keys keys) {
    return DecoderConfig.read(keys);
  }

  @Override
  public Graph graph(DecoderConfig c, WeightBinder weights) {
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    weights.requireComplete();
    var rotation = c.rope().rotation(Rotation.Pairing.ADJACENT);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "attn_norm", x, w.attnNorm());
      var attention = new SelfAttention(g, c.attention(), rotation);
      Value a = g.linear("attn_out", attention.of(h, w.qkv().parts(c.heads())), w.o());
      x = g.add("attn_residual", x, c.norm().apply(g, "post_attn_norm", a, w.postAttentionNorm()));
      Value f = c.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      Value y = w.ffn().apply(g, f, Activation.SILU);
      x = g.add("ffn_residual", x, c.norm().apply(g, "post_ffw_norm", y, w.postFfwNorm()));
    }
    return ends.finish(g, x, c.norm(), c.purpose());
  }
}
