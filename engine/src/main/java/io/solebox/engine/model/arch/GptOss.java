package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/**
 * gpt-oss (arXiv:2508.10925): every other layer has a window, each head a sink, and experts a
 * clamped gate and biases.
 */
final class GptOss implements Architecture<GptOss.Config> {
  private static final float ALPHA = 1.702f;
  private static final float LIMIT = 7;

  record Config(DecoderConfig decoder, Moe moe, boolean[] windowed, Rope windowRope) {}

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_sinks") Weight sinks,
      @Gguf("attn_output") Projection o,
      @Gguf("post_attention_norm") Weight ffnNorm) {}

  @Override
  public String name() {
    return "gpt-oss";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = DecoderConfig.read(keys);
    var windowed = new DecoderKeys(keys).windowed(2, false);
    keys.positive("attention.sliding_window");
    Moe moe =
        Moe.read(keys, false)
            .scored(keys, ExpertOp.Scoring.SOFTMAX_OF_CHOSEN)
            .withGating(new Gating.Clamped(ALPHA, LIMIT));
    float theta = new RopeKeys(keys).windowTheta(decoder.rope().theta());
    return new Config(decoder, moe, windowed, decoder.rope().withTheta(theta));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var ffns = Ffn.bind(weights, d.numLayers(), Optional.of(c.moe()));
    weights.requireComplete();
    var full = d.rope().rotation(Rotation.Pairing.HALVES);
    var windowed = c.windowRope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      boolean window = c.windowed()[l];
      var shape = d.attention().withMask(window ? d.mask() : new Mask.Causal());
      var attention = new SelfAttention(g, shape, window ? windowed : full);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      Qkv.Split qkv = w.qkv().parts(d.heads());
      Value q = attention.queries(g.linear("q", h, qkv.q()));
      Value k = attention.keys(g.linear("k", h, qkv.k()));
      Value v = g.linear("v", h, qkv.v());
      var sinks = Op.PerHead.none().withSinks(w.sinks());
      Value a = g.attention(q, k, v, shape, g.keysAndValues(shape), sinks);
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return ends.finish(g, x, d.norm(), d.purpose());
  }
}
