package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.ExpertOp;
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

/** LFM2 (Liquid AI, arXiv:2511.23404): most layers are short convolutions, the others attend. */
final class Lfm2 implements Architecture<Lfm2.Config> {
  private final String name;

  Lfm2(String name) {
    this.name = name;
  }

  /**
   * @param heads per layer, empty for a convolution
   */
  record Config(
      List<Optional<Heads>> heads,
      Rope rope,
      Mask mask,
      Norm norm,
      Optional<Moe> moe,
      int denseLayers) {
    int numLayers() {
      return heads.size();
    }
  }

  record Top(
      @Gguf("token_embd") Weight tokenEmbd,
      @Gguf("token_embd_norm") Projection outputNorm,
      @Gguf("output") Optional<Weight> output) {}

  record Layer(@Gguf("attn_norm") Weight attnNorm, @Gguf("ffn_norm") Weight ffnNorm) {}

  /** What stands between the norms of a layer. */
  sealed interface Mixer {
    Value of(GraphBuilder g, Value h, Config c, int layer, Rotation rotation);
  }

  record Attending(Qkv qkv, SelfAttention.QkNorms norms, @Gguf("attn_output") Projection o)
      implements Mixer {
    @Override
    public Value of(GraphBuilder g, Value h, Config c, int layer, Rotation rotation) {
      Heads heads = c.heads().get(layer).orElseThrow();
      var attention =
          new SelfAttention(
              g,
              heads.attention(c.mask()),
              Optional.of(norms),
              Optional.of(rotation),
              c.norm().epsilon());
      return g.linear("attn_out", attention.of(h, qkv.parts(heads)), o);
    }
  }

  record Convolving(
      @Gguf("shortconv.in_proj") Projection in,
      @Gguf("shortconv.conv") Weight kernel,
      @Gguf("shortconv.out_proj") Projection out)
      implements Mixer {
    @Override
    public Value of(GraphBuilder g, Value h, Config c, int layer, Rotation rotation) {
      Value all = g.linear("conv_in", h, in); // [T, 3E]
      int width = all.width() / 3;
      Value b = g.slice("conv_b", all, 3 * width, 0, width);
      Value gate = g.slice("conv_c", all, 3 * width, width, width);
      Value u = g.slice("conv_x", all, 3 * width, 2 * width, width);
      Value z = g.gated("conv_gated", b, u, Activation.IDENTITY);
      Value y = g.shortConv("conv", z, kernel, Optional.empty());
      return g.linear("conv_out", g.gated("conv_act", gate, y, Activation.IDENTITY), out);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    keys.positive("shortconv.l_cache"); // the tensor says it
    List<Optional<Heads>> heads = decoder.headsOfLayers();
    int dim = heads.stream().flatMap(Optional::stream).mapToInt(Heads::dim).max().orElse(2);
    boolean experts = keys.countOr("expert_count", 0) > 0;
    int dense = keys.countOr("leading_dense_block_count", 0);
    return new Config(
        heads,
        decoder.rope(dim),
        decoder.mask(),
        decoder.rmsNorm(),
        experts
            ? Optional.of(Moe.read(keys, true).scored(keys, ExpertOp.Scoring.SIGMOID))
            : Optional.empty(),
        experts ? dense : heads.size());
  }

  private static Mixer mixer(Config c, WeightBinder weights, int layer) {
    String prefix = "blk." + layer + ".";
    return c.heads().get(layer).isPresent()
        ? weights.bind(Attending.class, prefix)
        : weights.bind(Convolving.class, prefix);
  }

  private static Ffn ffn(Config c, WeightBinder weights, int layer) {
    return layer < c.denseLayers()
        ? weights.bind(Ffn.Glu.class, "blk." + layer + ".")
        : c.moe().orElseThrow().bind(weights, layer, false);
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    List<Mixer> mixers =
        IntStream.range(0, c.numLayers()).mapToObj(l -> mixer(c, weights, l)).toList();
    List<Ffn> ffns = IntStream.range(0, c.numLayers()).mapToObj(l -> ffn(c, weights, l)).toList();
    weights.requireComplete();
    var rotation = c.rope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = g.embed(top.tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "attn_norm", x, w.attnNorm());
      x = g.add("attn_residual", x, mixers.get(l).of(g, h, c, l, rotation));
      Value f = c.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return new Ends(
            top.tokenEmbd(), top.outputNorm(), top.output(), Optional.empty(), Optional.empty())
        .finish(g, x, c.norm(), Purpose.ANSWER);
  }
}
