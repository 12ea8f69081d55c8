package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/**
 * Llama 1 to 3 (Touvron et al., arXiv:2302.13971; Grattafiori et al., arXiv:2407.21783) and Mistral
 * (Jiang et al., arXiv:2310.06825), which share one architecture in GGUF, and models that were
 * rewritten as Llama, some of which have biases.
 */
final class Llama implements Architecture<DecoderConfig> {
  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      @Gguf("attn_q") Projection q,
      @Gguf("attn_k") Projection k,
      @Gguf("attn_v") Projection v,
      @Gguf("attn_output") Projection o,
      GatedFfn ffn) {}

  /**
   * @param ropeFreqs what llama-3 divides the frequencies by; converters compute it
   */
  record Top(Ends ends, @Gguf("rope_freqs") Optional<Weight> ropeFreqs) {}

  @Override
  public String name() {
    return "llama";
  }

  @Override
  public DecoderConfig config(Keys keys) {
    return DecoderConfig.read(keys);
  }

  @Override
  public Graph graph(DecoderConfig c, WeightBinder weights) {
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    weights.requireComplete();
    var pairing = Rotation.Pairing.ADJACENT;
    var rotation =
        top.ropeFreqs()
            .map(w -> c.rope().rotation(pairing, weights.positiveNumbers(w, c.rope().pairs())))
            .orElseGet(() -> c.rope().rotation(pairing));

    var g = new GraphBuilder();
    Value x = g.embed(top.ends().tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = g.rmsNorm("attn_norm", x, w.attnNorm(), c.rmsNormEps());
      Value q = g.rope("q_rope", g.linear("q", h, w.q()), c.headDim(), rotation); // [T, H*D]
      Value k = g.rope("k_rope", g.linear("k", h, w.k()), c.headDim(), rotation); // [T, K*D]
      Value v = g.linear("v", h, w.v()); // [T, K*D]
      Value a = g.attention(q, k, v, c.attention()); // [T, H*D]
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      x = w.ffn().addTo(g, x, c.rmsNormEps());
    }
    return top.ends().logits(g, x, c.rmsNormEps());
  }
}
