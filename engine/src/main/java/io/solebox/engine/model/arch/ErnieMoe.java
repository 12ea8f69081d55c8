package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.List;
import java.util.stream.IntStream;

/** ERNIE 4.5 with experts (Baidu, 2025), in some of its layers. */
final class ErnieMoe implements Architecture<ErnieMoe.Config> {
  /**
   * @param denseLayers layers without experts, the first ones
   * @param step of those behind, every so many-th has experts
   * @param shared whether there is an expert for all tokens
   */
  record Config(DecoderConfig decoder, Moe moe, int denseLayers, int step, boolean shared) {
    boolean hasExperts(int layer) {
      return layer >= denseLayers && (layer + 1) % step == 0;
    }
  }

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Weight ffnNorm) {}

  @Override
  public String name() {
    return "ernie4_5-moe";
  }

  @Override
  public Config config(Keys keys) {
    keys.countOr("expert_shared_count", 0); // the tensors of the shared expert are as wide
    return new Config(
        DecoderConfig.read(keys),
        Moe.read(keys, true),
        keys.countOr("leading_dense_block_count", 0),
        keys.positive("interleave_moe_layer_step"),
        keys.countOr("expert_shared_feed_forward_length", 0) > 0);
  }

  private static List<Ffn> ffns(Config c, WeightBinder weights) {
    return IntStream.range(0, c.decoder().numLayers())
        .<Ffn>mapToObj(
            l ->
                c.hasExperts(l)
                    ? c.moe().bind(weights, l, c.shared())
                    : weights.bind(Ffn.Glu.class, "blk." + l + "."))
        .toList();
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var ffns = ffns(c, weights);
    weights.requireComplete();
    var rotation = d.rope().rotation(Rotation.Pairing.ADJACENT);

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
