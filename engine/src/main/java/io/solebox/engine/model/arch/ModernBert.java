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

/**
 * ModernBERT (Warner et al., arXiv:2412.13663): every third layer sees the whole text, the others a
 * window around each token.
 */
final class ModernBert implements Architecture<ModernBert.Config> {
  private static final int PERIOD = 3;

  record Config(
      DecoderConfig decoder,
      Optional<Mask> window,
      boolean[] windowed,
      Rope windowRope,
      Activation activation) {}

  record Top(
      @Gguf("token_embd") Weight tokenEmbd,
      @Gguf("token_embd_norm") Projection norm,
      @Gguf("output_norm") Projection outputNorm,
      @Gguf("cls") Optional<Projection> classifier,
      @Gguf("cls.norm") Optional<Projection> classifierNorm,
      @Gguf("cls.output") Optional<Projection> labels) {}

  /**
   * @param attnNorm absent in the first layer, which reads the norm of the embedding
   */
  record Layer(
      @Gguf("attn_norm") Optional<Projection> attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Projection ffnNorm,
      Ffn.FusedGlu ffn) {}

  @Override
  public String name() {
    return "modern-bert";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    Heads heads = decoder.heads();
    Rope rope = decoder.rope(heads.dim());
    decoder.requireCausal(false);
    Purpose said = Purpose.read(keys);
    var d =
        new DecoderConfig(
            decoder.layers(),
            heads,
            rope,
            new Mask.Bidirectional(),
            decoder.layerNorm(),
            said == Purpose.RANK ? said : Purpose.EMBED);
    return new Config(
        d,
        decoder.window().stream().boxed().<Mask>map(n -> new Mask.Around(n / 2)).findFirst(),
        decoder.windowed(PERIOD, true),
        rope.withTheta(new RopeKeys(keys).windowTheta(Rope.USUAL_THETA)),
        activation(keys));
  }

  private static Activation activation(Keys keys) {
    String name = keys.textOr("hidden_activation", "gelu");
    return switch (name) {
      case "gelu" -> Activation.GELU_ERF;
      case "silu" -> Activation.SILU;
      default -> {
        keys.refuseIf(true, "hidden_activation", "is " + name);
        throw new AssertionError();
      }
    };
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    weights.requireComplete();
    var full = d.rope().rotation(Rotation.Pairing.HALVES);
    var windowed = c.windowRope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = d.norm().apply(g, "embed_norm", g.embed(top.tokenEmbd()), top.norm()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value in = x;
      Value h = w.attnNorm().map(n -> d.norm().apply(g, "attn_norm", in, n)).orElse(x);
      boolean window = c.window().isPresent() && c.windowed()[l];
      var shape = d.attention().withMask(window ? c.window().get() : d.mask());
      var attention = new SelfAttention(g, shape, window ? windowed : full);
      Value a = g.linear("attn_out", attention.of(h, w.qkv().parts(d.heads())), w.o());
      x = g.add("attn_residual", x, a);
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, w.ffn().apply(g, f, c.activation()));
    }
    return finish(g, x, d, top);
  }

  private static Graph finish(GraphBuilder g, Value x, DecoderConfig d, Top top) {
    g.head();
    if (d.purpose().with(top.labels()) != Purpose.RANK) {
      return g.build(d.norm().apply(g, "output_norm", g.selectRows(x), top.outputNorm()));
    }
    Value pooled = g.meanRows(d.norm().apply(g, "output_norm", x, top.outputNorm()));
    Value y =
        top.classifier()
            .map(w -> g.activate("cls_act", g.linear("cls", pooled, w), Activation.GELU_ERF))
            .orElse(pooled);
    Value normed = top.classifierNorm().map(w -> d.norm().apply(g, "cls_norm", y, w)).orElse(y);
    return g.build(g.linear("labels", normed, Purpose.labels(top.labels())));
  }
}
