package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * OLMo 2 and 3 (arXiv:2501.00656) and EXAONE 4 (arXiv:2507.11407): norms stand behind attention and
 * network, and none before; queries and keys are normed.
 */
final class Olmo2 implements Architecture<Olmo2.Config> {
  private static final int PERIOD = 4;
  private static final int EXAONE_WINDOW = 4096;

  /** Of EXAONE 4 only the large one has windows, which no key says. */
  private static final int EXAONE_LARGE = 64;

  private final Kind kind;

  /** Whose layers. */
  enum Kind {
    OLMO2("olmo2"),
    EXAONE4("exaone4");

    private final String architecture;

    Kind(String architecture) {
      this.architecture = architecture;
    }
  }

  Olmo2(Kind kind) {
    this.kind = kind;
  }

  /**
   * @param windowed which layers have a window; none where there is none
   */
  record Config(DecoderConfig decoder, boolean[] windowed, float windowTheta) {}

  record Layer(
      Qkv qkv,
      SelfAttention.QkNorms qkNorms,
      @Gguf("attn_output") Projection o,
      @Gguf("post_attention_norm") Weight postAttentionNorm,
      Ffn.Glu ffn,
      @Gguf("post_ffw_norm") Weight postFfwNorm) {}

  record Top(Ends ends, LongRope factors) {}

  @Override
  public String name() {
    return kind.architecture;
  }

  @Override
  public Config config(Keys keys) {
    var d = DecoderConfig.read(keys);
    var decoder = new DecoderKeys(keys);
    boolean[] pattern = decoder.windowed(PERIOD, false);
    boolean windows =
        switch (kind) {
          case OLMO2 -> decoder.window().isPresent();
          case EXAONE4 -> d.numLayers() == EXAONE_LARGE;
        };
    Mask mask =
        windows
            ? new Mask.SlidingWindow(decoder.window().orElse(EXAONE_WINDOW))
            : new Mask.Causal();
    return new Config(
        new DecoderConfig(d.numLayers(), d.heads(), d.rope(), mask, d.norm(), d.purpose()),
        windows ? pattern : new boolean[d.numLayers()],
        new RopeKeys(keys).windowTheta(d.rope().theta()));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    weights.requireComplete();
    var pairing = Rotation.Pairing.HALVES;
    var full = top.factors().rotation(d.rope(), pairing, weights, OptionalInt.empty());
    var windowed = d.rope().plain().withTheta(c.windowTheta()).rotation(pairing);

    var g = new GraphBuilder();
    Value x = g.embed(top.ends().tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      boolean window = c.windowed()[l];
      var attention =
          new SelfAttention(
              g,
              d.attention().withMask(window ? d.mask() : new Mask.Causal()),
              Optional.of(w.qkNorms()),
              rotation(c, window, full, windowed),
              d.norm().epsilon());
      Value a = g.linear("attn_out", attention.of(x, w.qkv().parts(d.heads())), w.o());
      x = g.add("attn_residual", x, d.norm().apply(g, "post_attn_norm", a, w.postAttentionNorm()));
      Value y = w.ffn().apply(g, x, Activation.SILU);
      x = g.add("ffn_residual", x, d.norm().apply(g, "post_ffw_norm", y, w.postFfwNorm()));
    }
    return top.ends().finish(g, x, d.norm(), d.purpose());
  }

  /** In EXAONE with windows, layers without one know no positions. */
  private Optional<Rotation> rotation(Config c, boolean window, Rotation full, Rotation windowed) {
    return switch (kind) {
      case OLMO2 -> Optional.of(window ? windowed : full);
      case EXAONE4 ->
          window || c.decoder().mask() instanceof Mask.Causal
              ? Optional.of(full)
              : Optional.empty();
    };
  }
}
