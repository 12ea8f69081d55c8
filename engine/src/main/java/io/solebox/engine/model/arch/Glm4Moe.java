package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** GLM 4.5 and 4.6 (arXiv:2508.06471): experts chosen by sigmoids and a bias, and a shared one. */
final class Glm4Moe implements Architecture<Glm4Moe.Config> {
  /**
   * @param denseLayers layers without experts, the first ones
   */
  record Config(DecoderConfig decoder, Moe moe, int denseLayers) {}

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      Optional<SelfAttention.QkNorms> qkNorms,
      @Gguf("attn_output") Projection o,
      @Gguf("post_attention_norm") Weight ffnNorm) {}

  @Override
  public String name() {
    return "glm4moe";
  }

  @Override
  public Config config(Keys keys) {
    keys.positive("expert_shared_count"); // the tensors of the shared expert are as wide
    return new Config(
        DecoderConfig.read(keys),
        Moe.read(keys, false).shared(keys).scored(keys, ExpertOp.Scoring.SIGMOID),
        keys.countOr("leading_dense_block_count", 0));
  }

  private static List<Ffn> ffns(Config c, WeightBinder weights) {
    return IntStream.range(0, c.decoder().numLayers())
        .<Ffn>mapToObj(
            l ->
                l < c.denseLayers()
                    ? weights.bind(Ffn.Glu.class, "blk." + l + ".")
                    : c.moe().bind(weights, l, true))
        .toList();
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var ffns = ffns(c, weights);
    weights.requireComplete();
    var rotation = Optional.of(d.rope().rotation(Rotation.Pairing.HALVES));

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      var attention =
          new SelfAttention(g, d.attention(), w.qkNorms(), rotation, d.norm().epsilon());
      Value a = attention.of(h, w.qkv().parts(d.heads()));
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return ends.finish(g, x, d.norm(), d.purpose());
  }
}
