package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Gating;
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

/**
 * BERT (Devlin et al., arXiv:1810.04805) and Nomic Embed (arXiv:2402.01613): tokens see the whole
 * text; norms stand behind what is added.
 */
final class Bert implements Architecture<Bert.Config> {
  private final Kind kind;

  /** Whose files. */
  enum Kind {
    BERT("bert"),
    NOMIC("nomic-bert"),
    NOMIC_EXPERTS("nomic-bert-moe");

    private final String architecture;

    Kind(String architecture) {
      this.architecture = architecture;
    }
  }

  Bert(Kind kind) {
    this.kind = kind;
  }

  /**
   * @param rope none where positions are learned
   * @param expertsEvery which layers have experts: those behind so many; 0 for none
   */
  record Config(
      int numLayers,
      AttentionShape attention,
      Heads heads,
      Optional<Rope> rope,
      Norm norm,
      Purpose purpose,
      Optional<Moe> moe,
      int expertsEvery) {}

  record Top(
      @Gguf("token_embd") Weight tokenEmbd,
      @Gguf("token_types") Optional<Weight> tokenTypes,
      @Gguf("position_embd") Optional<Weight> positionEmbd,
      @Gguf("token_embd_norm") Projection norm,
      @Gguf("cls") Optional<Projection> classifier,
      @Gguf("cls.output") Optional<Projection> labels) {}

  record Layer(
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("attn_output_norm") Projection attnNorm,
      @Gguf("layer_output_norm") Projection ffnNorm) {}

  @Override
  public String name() {
    return kind.architecture;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    Heads heads = decoder.heads();
    Rope rope = decoder.rope(heads.dim());
    decoder.requireCausal(false);
    int every = keys.countOr("moe_every_n_layers", 0);
    Purpose said = Purpose.read(keys);
    return new Config(
        decoder.layers(),
        heads.attention(new Mask.Bidirectional()),
        heads,
        kind == Kind.BERT ? Optional.empty() : Optional.of(rope),
        decoder.layerNorm(),
        said == Purpose.RANK ? Purpose.RANK : Purpose.EMBED,
        kind == Kind.NOMIC_EXPERTS ? Optional.of(moe(keys)) : Optional.empty(),
        every);
  }

  private static Moe moe(Keys keys) {
    return Moe.read(keys, false).withGating(new Gating.By(Activation.GELU_ERF));
  }

  private Ffn ffn(Config c, WeightBinder weights, int layer) {
    String prefix = "blk." + layer + ".";
    if (c.expertsEvery() > 0 && layer % c.expertsEvery() == 1 && c.moe().isPresent()) {
      return new Ffn.Mixture(
          c.moe().get(),
          weights.bind(Moe.Router.class, prefix),
          weights.bind(Moe.Plain.class, prefix),
          Optional.empty());
    }
    return kind == Kind.NOMIC
        ? weights.bind(Ffn.Glu.class, prefix)
        : weights.bind(Ffn.Mlp.class, prefix);
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    List<Ffn> ffns = IntStream.range(0, c.numLayers()).mapToObj(l -> ffn(c, weights, l)).toList();
    weights.requireComplete();
    Optional<Rotation> rotation = c.rope().map(r -> r.rotation(Rotation.Pairing.HALVES));
    Activation activation = kind == Kind.NOMIC ? Activation.SILU : Activation.GELU_ERF;

    var g = new GraphBuilder();
    Value x = c.norm().apply(g, "embed_norm", embedded(g, top), top.norm()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      var attention = new SelfAttention(g, c.attention(), Optional.empty(), rotation, 0);
      Value a = g.linear("attn_out", attention.of(x, w.qkv().parts(c.heads())), w.o());
      x = c.norm().apply(g, "attn_norm", g.add("attn_residual", x, a), w.attnNorm());
      Value y = ffns.get(l).apply(g, x, activation);
      x = c.norm().apply(g, "ffn_norm", g.add("ffn_residual", x, y), w.ffnNorm());
    }
    return finish(g, x, c.purpose(), top.classifier(), top.labels());
  }

  private static Value embedded(GraphBuilder g, Top top) {
    Value x = typed(g, g.embed(top.tokenEmbd()), top.tokenTypes());
    return top.positionEmbd().isPresent()
        ? g.add("embed_both", x, g.embedPosition(top.positionEmbd().get()))
        : x;
  }

  /** All of a text is of the first type: no file says where a second part begins. */
  static Value typed(GraphBuilder g, Value x, Optional<Weight> types) {
    return types.map(w -> g.addVector("embed_type", x, w.rows(0, 1))).orElse(x);
  }

  /**
   * The hidden state of the rows that are asked for, or what is said of their texts.
   *
   * @param classifier what stands before the labels, or gives them where there are none
   */
  static Graph finish(
      GraphBuilder g,
      Value x,
      Purpose purpose,
      Optional<Projection> classifier,
      Optional<Projection> labels) {
    g.head();
    Value rows = g.selectRows(x);
    if (purpose.with(labels) != Purpose.RANK) {
      return g.build(rows);
    }
    Optional<Value> pooled =
        classifier.map(w -> g.activate("cls_act", g.linear("cls", rows, w), Activation.TANH));
    return g.build(
        pooled.isPresent() && labels.isEmpty()
            ? pooled.get()
            : g.linear("labels", pooled.orElse(rows), Purpose.labels(labels)));
  }
}
