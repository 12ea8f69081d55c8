package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;

/**
 * Qwen3, dense (Yang et al., arXiv:2505.09388): Llama with an RMS norm over each head of q and k
 * before the rotation, whose pairs are half a head apart.
 */
final class Qwen3 implements Architecture<DecoderConfig> {
  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      @Gguf("attn_q") Projection q,
      @Gguf("attn_k") Projection k,
      @Gguf("attn_v") Projection v,
      @Gguf("attn_q_norm") Weight qNorm,
      @Gguf("attn_k_norm") Weight kNorm,
      @Gguf("attn_output") Projection o,
      GatedFfn ffn) {}

  @Override
  public String name() {
    return "qwen3";
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
    var rotation = c.rope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = g.rmsNorm("attn_norm", x, w.attnNorm(), c.rmsNormEps());
      Value q = g.rmsNorm("q_norm", g.linear("q", h, w.q()), w.qNorm(), c.rmsNormEps());
      q = g.rope("q_rope", q, c.headDim(), rotation); // [T, H*D]
      Value k = g.rmsNorm("k_norm", g.linear("k", h, w.k()), w.kNorm(), c.rmsNormEps());
      k = g.rope("k_rope", k, c.headDim(), rotation); // [T, K*D]
      Value v = g.linear("v", h, w.v()); // [T, K*D]
      Value a = g.attention(q, k, v, c.attention()); // [T, H*D]
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      x = w.ffn().addTo(g, x, c.rmsNormEps());
    }
    return ends.logits(g, x, c.rmsNormEps());
  }
}
