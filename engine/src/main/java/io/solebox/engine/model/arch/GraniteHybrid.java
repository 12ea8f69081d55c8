package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Granite 4 (IBM, 2025): most layers are Mamba-2, the others attend; experts with a shared one. */
final class GraniteHybrid implements Architecture<GraniteHybrid.Config> {
  /**
   * @param heads per layer, empty for one with a state
   * @param rotated whether attention knows positions
   */
  record Config(
      List<Optional<Heads>> heads,
      Mamba2.Sizes mamba,
      Granite.Scales scales,
      float attentionScale,
      Optional<Rope> rope,
      Norm norm,
      Optional<Moe> moe,
      boolean sharedExpert) {
    int numLayers() {
      return heads.size();
    }
  }

  record Layer(@Gguf("attn_norm") Weight attnNorm, @Gguf("ffn_norm") Weight ffnNorm) {}

  record Attending(Qkv qkv, @Gguf("attn_output") Projection o) {
    Value of(GraphBuilder g, Value h, Config c, Heads heads, Optional<Rotation> rotation) {
      AttentionShape shape = heads.attention(new Mask.Causal());
      if (c.attentionScale() != 0) {
        shape = shape.withScale(c.attentionScale());
      }
      var attention = new SelfAttention(g, shape, Optional.empty(), rotation, 0);
      return g.linear("attn_out", attention.of(h, qkv.parts(heads)), o);
    }
  }

  @Override
  public String name() {
    return "granitehybrid";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    List<Optional<Heads>> heads = decoder.headsOfLayers();
    int dim = heads.stream().flatMap(Optional::stream).mapToInt(Heads::dim).max().orElse(2);
    Rope rope = decoder.rope(dim);
    boolean experts = keys.countOr("expert_count", 0) > 0;
    return new Config(
        heads,
        Mamba2.Sizes.read(keys),
        Granite.Scales.read(keys),
        keys.numberOr("attention.scale", 0),
        keys.flagOr("rope.scaling.finetuned", true) ? Optional.of(rope) : Optional.empty(),
        decoder.rmsNorm(),
        experts ? Optional.of(Moe.read(keys, true)) : Optional.empty(),
        keys.countOr("expert_shared_feed_forward_length", 0) > 0);
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    var attending =
        IntStream.range(0, c.numLayers()).mapToObj(l -> attending(c, weights, l)).toList();
    var scanning =
        IntStream.range(0, c.numLayers()).mapToObj(l -> scanning(c, weights, l)).toList();
    var ffns = Ffn.bind(weights, c.numLayers(), c.moe(), c.sharedExpert() && c.moe().isPresent());
    weights.requireComplete();
    Optional<Rotation> rotation = c.rope().map(r -> r.rotation(Rotation.Pairing.ADJACENT));

    Granite.Scales s = c.scales();
    var g = new GraphBuilder();
    Value x = g.scale("embed_scaled", g.embed(ends.tokenEmbd()), s.embedding()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "attn_norm", x, w.attnNorm());
      int layer = l;
      Value a =
          attending
              .get(l)
              .map(m -> m.of(g, h, c, c.heads().get(layer).orElseThrow(), rotation))
              .or(() -> scanning.get(layer).map(m -> m.of(g, h, c.mamba(), c.norm())))
              .orElseThrow();
      x = g.add("attn_residual", x, g.scale("attn_scaled", a, s.residual()));
      Value f = c.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      Value y = ffns.get(l).apply(g, f, Activation.SILU);
      x = g.add("ffn_residual", x, g.scale("ffn_scaled", y, s.residual()));
    }
    return ends.finish(
        g, x, c.norm(), Purpose.ANSWER, y -> g.scale("logits_scaled", y, 1 / s.logits()));
  }

  private static Optional<Attending> attending(Config c, WeightBinder weights, int layer) {
    return c.heads().get(layer).map(_ -> weights.bind(Attending.class, "blk." + layer + "."));
  }

  private static Optional<Mamba2> scanning(Config c, WeightBinder weights, int layer) {
    return c.heads().get(layer).isPresent()
        ? Optional.empty()
        : Optional.of(weights.bind(Mamba2.class, "blk." + layer + "."));
  }
}
