package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.ExpertOp.Scoring;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Nemotron-H (arXiv:2504.03624) and Nemotron 3: a layer is one thing alone, Mamba-2, attention that
 * knows no positions, or a network, which may be a mixture of experts.
 */
final class NemotronH implements Architecture<NemotronH.Config> {
  private static final Activation ACTIVATION = Activation.RELU_SQUARED;

  private final String name;

  /**
   * @param name with experts or without: files of both kinds have the same keys
   */
  NemotronH(String name) {
    this.name = name;
  }

  record Config(List<Kind> layers, Mamba2.Sizes mamba, Norm norm) {}

  /** What a layer is. */
  sealed interface Kind {
    /** Mamba-2. */
    record Scans() implements Kind {}

    record Attends(Heads heads, AttentionShape shape) implements Kind {}

    /** A network without a gate. */
    record Feeds() implements Kind {}

    record Mixes(Moe moe) implements Kind {}
  }

  record Layer(@Gguf("attn_norm") Weight norm) {}

  /** The weights of a kind. */
  sealed interface Mixer {
    /**
     * @param h [T, E]
     * @return what the layer adds, [T, E]
     */
    Value of(GraphBuilder g, Value h, Config c);
  }

  record Scanning(Mamba2 mamba) implements Mixer {
    @Override
    public Value of(GraphBuilder g, Value h, Config c) {
      return mamba.of(g, h, c.mamba(), c.norm());
    }
  }

  record Attending(Kind.Attends kind, AttentionTensors w) implements Mixer {
    record AttentionTensors(Qkv qkv, @Gguf("attn_output") Projection o) {}

    @Override
    public Value of(GraphBuilder g, Value h, Config c) {
      var attention = new SelfAttention(g, kind.shape(), Optional.empty(), Optional.empty(), 0);
      return g.linear("attn_out", attention.of(h, w.qkv().parts(kind.heads())), w.o());
    }
  }

  record Feeding(Ffn.Mlp mlp) implements Mixer {
    @Override
    public Value of(GraphBuilder g, Value h, Config c) {
      return mlp.apply(g, h, ACTIVATION);
    }
  }

  record Mixing(Moe moe, ExpertTensors w) implements Mixer {
    /**
     * @param in to what the experts read, where that is narrower than E
     * @param out from what they give, where that is
     */
    record ExpertTensors(
        Moe.Router router,
        Moe.Plain experts,
        @Gguf("ffn_latent_down") Optional<Projection> in,
        @Gguf("ffn_latent_up") Optional<Projection> out,
        @Gguf("ffn_up_shexp") Projection sharedUp,
        @Gguf("ffn_down_shexp") Projection sharedDown) {}

    @Override
    public Value of(GraphBuilder g, Value h, Config c) {
      Value x = w.in().map(p -> g.linear("ffn_latent_down", h, p)).orElse(h);
      Value y = moe.apply(g, h, x, w.router(), w.experts());
      Value wide = w.out().map(p -> g.linear("ffn_latent_up", y, p)).orElse(y);
      Value shared = new Ffn.Mlp(w.sharedUp(), w.sharedDown()).apply(g, h, ACTIVATION);
      return g.add("ffn_both", wide, shared);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    List<Optional<Heads>> heads = decoder.headsOfLayers();
    int[] feeds = keys.perLayer("feed_forward_length", decoder.layers());
    float scale = keys.numberOr("attention.scale", 0);
    heads.stream().flatMap(Optional::stream).map(Heads::dim).forEach(decoder::rope); // not used
    keys.countOr("expert_shared_count", 0); // the tensors of the shared expert are as wide
    keys.countOr("moe_latent_size", 0); // the tensors say it
    List<Optional<Moe>> moes = moes(keys, feeds);
    List<Kind> layers =
        IntStream.range(0, feeds.length)
            .<Kind>mapToObj(
                l ->
                    feeds[l] > 0
                        ? moes.get(l).<Kind>map(Kind.Mixes::new).orElseGet(Kind.Feeds::new)
                        : heads
                            .get(l)
                            .<Kind>map(h -> new Kind.Attends(h, shape(h, scale)))
                            .orElseGet(Kind.Scans::new))
            .toList();
    return new Config(layers, Mamba2.Sizes.read(keys), decoder.rmsNormOfEitherName());
  }

  private static AttentionShape shape(Heads heads, float scale) {
    AttentionShape usual = heads.attention(new Mask.Causal());
    return scale == 0 ? usual : usual.withScale(scale);
  }

  /** Of the layers that have experts; how many a token takes may differ from layer to layer. */
  private static List<Optional<Moe>> moes(Keys keys, int[] feeds) {
    if (keys.countOr("expert_count", 0) == 0) {
      return IntStream.of(feeds).mapToObj(_ -> Optional.<Moe>empty()).toList();
    }
    int[] used = keys.perLayer("expert_used_count", feeds.length);
    return IntStream.range(0, feeds.length)
        .mapToObj(l -> feeds[l] > 0 ? Optional.of(moe(keys, used[l])) : Optional.<Moe>empty())
        .toList();
  }

  private static Moe moe(Keys keys, int used) {
    return Moe.read(keys, false, used)
        .shared(keys)
        .scored(keys, Scoring.SIGMOID)
        .withGating(new Gating.By(ACTIVATION));
  }

  private static Mixer bind(Kind kind, WeightBinder weights, int layer) {
    String prefix = "blk." + layer + ".";
    return switch (kind) {
      case Kind.Scans _ -> new Scanning(weights.bind(Mamba2.class, prefix));
      case Kind.Attends a ->
          new Attending(a, weights.bind(Attending.AttentionTensors.class, prefix));
      case Kind.Feeds _ -> new Feeding(weights.bind(Ffn.Mlp.class, prefix));
      case Kind.Mixes(Moe moe) -> new Mixing(moe, weights.bind(Mixing.ExpertTensors.class, prefix));
    };
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    int numLayers = c.layers().size();
    var ends = weights.bind(Ends.class, "");
    var norms = weights.bindLayers(Layer.class, numLayers);
    var mixers =
        IntStream.range(0, numLayers).mapToObj(l -> bind(c.layers().get(l), weights, l)).toList();
    weights.requireComplete();

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < numLayers; l++) {
      g.layer(l, x);
      Value h = c.norm().apply(g, "attn_norm", x, norms.get(l).norm());
      x = g.add("residual", x, mixers.get(l).of(g, h, c));
    }
    return ends.finish(g, x, c.norm(), Purpose.ANSWER);
  }
}
