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

/**
 * Gemma 1 to 3 (arXiv:2403.08295, arXiv:2408.00118, arXiv:2503.19786) and EmbeddingGemma, text
 * only. Files have norm gains with the 1 added that the papers add.
 */
final class Gemma implements Architecture<Gemma.Config> {
  private final Generation generation;

  /** What differs from one to the next. */
  enum Generation {
    FIRST("gemma"),
    SECOND("gemma2"),
    THIRD("gemma3"),
    EMBEDDING("gemma-embedding");

    private final String architecture;

    Generation(String architecture) {
      this.architecture = architecture;
    }
  }

  Gemma(Generation generation) {
    this.generation = generation;
  }

  /**
   * @param windowed which layers have a window
   * @param windowRope the rotation of those
   */
  record Config(
      DecoderConfig decoder,
      AttentionShape attention,
      Mask full,
      Optional<Mask> window,
      boolean[] windowed,
      Rope windowRope,
      Optional<Float> logitCap) {
    boolean hasWindow(int layer) {
      return window.isPresent() && windowed[layer];
    }
  }

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Weight ffnNorm,
      Ffn.Glu ffn) {}

  /** Norms of what is added to the residual stream, from the second generation on. */
  record PostNorms(
      @Gguf("post_attention_norm") Weight attention, @Gguf("post_ffw_norm") Weight ffw) {}

  /** What a generation has beside the tensors that all have. */
  private record Extras(List<PostNorms> postNorms, List<SelfAttention.QkNorms> qkNorms) {
    Optional<PostNorms> post(int layer) {
      return postNorms.isEmpty() ? Optional.empty() : Optional.of(postNorms.get(layer));
    }

    Optional<SelfAttention.QkNorms> qk(int layer) {
      return qkNorms.isEmpty() ? Optional.empty() : Optional.of(qkNorms.get(layer));
    }
  }

  private Extras extras(WeightBinder weights, int layers) {
    boolean post = generation != Generation.FIRST;
    boolean qk = post && generation != Generation.SECOND;
    return new Extras(
        post ? weights.bindLayers(PostNorms.class, layers) : List.of(),
        qk ? weights.bindLayers(SelfAttention.QkNorms.class, layers) : List.of());
  }

  /** What embedding models do with vectors at the end; being linear, before they are pooled. */
  record Dense(@Gguf("dense_2") Projection first, @Gguf("dense_3") Projection second) {}

  record Top(Ends ends, Optional<Dense> dense) {}

  @Override
  public String name() {
    return generation.architecture;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    Heads heads = decoder.heads();
    int layers = decoder.layers();
    var rope = new RopeKeys(keys);
    Rope full = rope.read(heads.dim());
    float base = generation == Generation.SECOND ? full.theta() : Rope.USUAL_THETA;
    Rope windowed = full.plain().withTheta(rope.windowTheta(base));
    int period = generation == Generation.SECOND ? 2 : 6;
    Optional<Mask> window = window(decoder);
    decoder.requireCausal(generation != Generation.EMBEDDING);
    return new Config(
        new DecoderConfig(layers, heads, full, new Mask.Causal(), decoder.rmsNorm(), purpose(keys)),
        attention(decoder, heads, layers),
        generation == Generation.EMBEDDING ? new Mask.Bidirectional() : new Mask.Causal(),
        window,
        decoder.windowed(period, false),
        generation == Generation.SECOND ? full : windowed,
        decoder.cap(
            "final_logit_softcapping", generation == Generation.SECOND ? USUAL_LOGIT_CAP : 0));
  }

  private static final float USUAL_LOGIT_CAP = 30;
  private static final float USUAL_SCORE_CAP = 50;
  private static final int USUAL_WINDOW = 4096;

  /** An embedding model is one whatever its file says of pooling. */
  private Purpose purpose(Keys keys) {
    Purpose said = Purpose.read(keys);
    return generation == Generation.EMBEDDING ? Purpose.EMBED : said;
  }

  private Optional<Mask> window(DecoderKeys decoder) {
    return switch (generation) {
      case FIRST -> Optional.empty();
      case SECOND -> Optional.of(new Mask.SlidingWindow(decoder.window().orElse(USUAL_WINDOW)));
      case THIRD ->
          decoder.window().stream().boxed().<Mask>map(Mask.SlidingWindow::new).findFirst();
      case EMBEDDING ->
          decoder.window().stream().boxed().<Mask>map(n -> new Mask.Around(n / 2)).findFirst();
    };
  }

  /** The largest of each generation scales by its width, which no key says. */
  private AttentionShape attention(DecoderKeys decoder, Heads heads, int layers) {
    AttentionShape usual = heads.attention(new Mask.Causal());
    boolean largest =
        generation == Generation.SECOND && layers == 46
            || generation == Generation.THIRD && layers == 62;
    double width = largest ? (double) decoder.width() / heads.count() : heads.dim();
    Optional<Float> cap =
        generation == Generation.SECOND
            ? decoder.cap("attn_logit_softcapping", USUAL_SCORE_CAP)
            : Optional.empty();
    return usual.withScale((float) (1 / Math.sqrt(width))).withSoftCap(cap);
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var top = weights.bind(Top.class, "");
    var ends = top.ends();
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var extras = extras(weights, d.numLayers());
    weights.requireComplete();
    Rotation full = d.rope().rotation(Rotation.Pairing.HALVES);
    Rotation windowed = c.windowRope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    float scale = (float) Math.sqrt(ends.tokenEmbd().cols());
    Value x = g.scale("embed_scaled", g.embed(ends.tokenEmbd()), scale); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      boolean window = c.hasWindow(l);
      var shape = c.attention().withMask(window ? c.window().orElseThrow() : c.full());
      var attention =
          new SelfAttention(
              g, shape, extras.qk(l), Optional.of(window ? windowed : full), d.norm().epsilon());
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = g.linear("attn_out", attention.of(h, w.qkv().parts(d.heads())), w.o());
      x =
          g.add(
              "attn_residual",
              x,
              after(g, d, "post_attention_norm", a, extras.post(l).map(PostNorms::attention)));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      Value y = w.ffn().apply(g, f, Activation.GELU);
      x =
          g.add(
              "ffn_residual",
              x,
              after(g, d, "post_ffw_norm", y, extras.post(l).map(PostNorms::ffw)));
    }
    if (top.dense().isPresent()) {
      return embedded(g, x, d, top);
    }
    return ends.finish(
        g, x, d.norm(), d.purpose(), y -> g.softCap("logits_capped", y, c.logitCap()));
  }

  private static Graph embedded(GraphBuilder g, Value x, DecoderConfig d, Top top) {
    g.head();
    Value y = d.norm().apply(g, "output_norm", g.selectRows(x), top.ends().outputNorm());
    Dense dense = top.dense().orElseThrow();
    return g.build(g.linear("dense_3", g.linear("dense_2", y, dense.first()), dense.second()));
  }

  /** The first generation has no norms after what is added. */
  private static Value after(
      GraphBuilder g, DecoderConfig d, String name, Value y, Optional<Weight> gain) {
    return gain.map(w -> d.norm().apply(g, name, y, w)).orElse(y);
  }
}
