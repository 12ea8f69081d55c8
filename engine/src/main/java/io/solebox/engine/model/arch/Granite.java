package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/**
 * Granite 3 and 4, dense or with experts (IBM), which scale what goes into the residual stream, and
 * logits; and MiniCPM (arXiv:2404.06395), which does so by other numbers of its own.
 */
final class Granite implements Architecture<Granite.Config> {
  private static final int MINICPM_EMBEDDING = 12;
  private static final double MINICPM_DEPTH = 1.4;
  private static final float MINICPM_WIDTH = 256;

  private final String name;

  Granite(String name) {
    this.name = name;
  }

  record Config(
      DecoderConfig decoder,
      AttentionShape attention,
      Scales scales,
      boolean rotated,
      Optional<Moe> moe,
      boolean sharedExpert) {}

  /**
   * @param logits what they are divided by
   */
  record Scales(float embedding, float residual, float logits) {
    static Scales read(Keys keys) {
      var decoder = new DecoderKeys(keys);
      return new Scales(
          decoder.factor("embedding_scale"),
          decoder.factor("residual_scale"),
          decoder.factor("logit_scale"));
    }
  }

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Weight ffnNorm) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = DecoderConfig.read(keys);
    boolean experts = keys.countOr("expert_count", 0) > 0;
    return new Config(
        decoder,
        attention(keys, decoder.attention()),
        name.equals("minicpm") ? miniCpm(keys, decoder.numLayers()) : Scales.read(keys),
        name.equals("minicpm") || keys.flagOr("rope.scaling.finetuned", true),
        experts ? Optional.of(Moe.read(keys, true)) : Optional.empty(),
        keys.countOr("expert_shared_feed_forward_length", 0) > 0);
  }

  /** The numbers of MiniCPM, where a file has none. */
  private static Scales miniCpm(Keys keys, int layers) {
    float residual = (float) (MINICPM_DEPTH / Math.sqrt(layers));
    float logits = MINICPM_WIDTH / new DecoderKeys(keys).width();
    return new Scales(
        keys.numberOr("embedding_scale", MINICPM_EMBEDDING),
        keys.numberOr("residual_scale", residual),
        keys.numberOr("logit_scale", 1 / logits));
  }

  /** With the scale that the file says, if it says one. */
  static AttentionShape attention(Keys keys, AttentionShape usual) {
    float scale = keys.numberOr("attention.scale", 0);
    return scale == 0 ? usual : usual.withScale(scale);
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    Scales s = c.scales();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var ffns = Ffn.bind(weights, d.numLayers(), c.moe(), c.sharedExpert());
    weights.requireComplete();
    Optional<Rotation> rotation =
        c.rotated() ? Optional.of(d.rope().rotation(Rotation.Pairing.ADJACENT)) : Optional.empty();

    var g = new GraphBuilder();
    Value x = g.scale("embed_scaled", g.embed(ends.tokenEmbd()), s.embedding()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      var attention = new SelfAttention(g, c.attention(), Optional.empty(), rotation, 0);
      Value a = g.linear("attn_out", attention.of(h, w.qkv().parts(d.heads())), w.o());
      x = g.add("attn_residual", x, g.scale("attn_scaled", a, s.residual()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      Value y = ffns.get(l).apply(g, f, Activation.SILU);
      x = g.add("ffn_residual", x, g.scale("ffn_scaled", y, s.residual()));
    }
    return ends.finish(
        g, x, d.norm(), d.purpose(), y -> g.scale("logits_scaled", y, 1 / s.logits()));
  }
}
