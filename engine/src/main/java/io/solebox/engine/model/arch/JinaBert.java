package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.Optional;

/**
 * Jina Embeddings 2 (Günther et al., arXiv:2310.19923): BERT that knows positions by the distance
 * between them alone, with gated networks. The models for code norm queries, keys and what
 * attention gives once more.
 */
final class JinaBert implements Architecture<JinaBert.Config> {
  record Config(
      int numLayers,
      Heads heads,
      AttentionShape attention,
      float alibi,
      Norm norm,
      Purpose purpose) {}

  record Top(
      @Gguf("token_embd") Weight tokenEmbd,
      @Gguf("token_types") Optional<Weight> tokenTypes,
      @Gguf("token_embd_norm") Projection norm,
      @Gguf("cls") Optional<Projection> classifier,
      @Gguf("cls.output") Optional<Projection> labels) {}

  record Layer(
      Qkv qkv,
      @Gguf("attn_q_norm") Optional<Projection> qNorm,
      @Gguf("attn_k_norm") Optional<Projection> kNorm,
      @Gguf("attn_output") Projection o,
      @Gguf("attn_output_norm") Projection attnNorm,
      @Gguf("attn_norm_2") Optional<Projection> againNorm,
      Network network,
      @Gguf("layer_output_norm") Projection ffnNorm) {}

  /**
   * @param gate absent where up has its rows too, or where there is none
   */
  record Network(
      @Gguf("ffn_gate") Optional<Projection> gate,
      @Gguf("ffn_up") Projection up,
      @Gguf("ffn_down") Projection down) {
    Ffn kind() {
      if (gate.isPresent()) {
        return new Ffn.Glu(gate.get(), up, down);
      }
      boolean plain = up.weight().rows() == down.weight().cols();
      return plain ? new Ffn.Mlp(up, down) : new Ffn.FusedGlu(up, down);
    }
  }

  @Override
  public String name() {
    return "jina-bert-v2";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    Heads heads = decoder.heads();
    decoder.requireCausal(false);
    Purpose said = Purpose.read(keys);
    return new Config(
        decoder.layers(),
        heads,
        heads.attention(new Mask.Bidirectional()),
        keys.numberOr("attention.max_alibi_bias", Alibi.USUAL_BIAS),
        decoder.layerNorm(),
        said == Purpose.RANK ? Purpose.RANK : Purpose.EMBED);
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    weights.requireComplete();
    var slopes = Op.PerHead.none().withSlopes(Alibi.slopes(c.heads().count(), c.alibi()));

    var g = new GraphBuilder();
    Value embedded = Bert.typed(g, g.embed(top.tokenEmbd()), top.tokenTypes());
    Value x = c.norm().apply(g, "embed_norm", embedded, top.norm()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value a = g.linear("attn_out", attention(g, x, w, c, slopes), w.o());
      Value in = x;
      Value once = c.norm().apply(g, "attn_norm", g.add("attn_residual", x, a), w.attnNorm());
      x =
          w.againNorm()
              .map(n -> c.norm().apply(g, "attn_norm_2", g.add("attn_again", once, in), n))
              .orElse(once);
      Value y = w.network().kind().apply(g, x, Activation.GELU_ERF);
      x = c.norm().apply(g, "ffn_norm", g.add("ffn_residual", x, y), w.ffnNorm());
    }
    return Bert.finish(g, x, c.purpose(), top.classifier(), top.labels());
  }

  private static Value attention(GraphBuilder g, Value x, Layer w, Config c, Op.PerHead slopes) {
    Qkv.Split parts = w.qkv().parts(c.heads());
    Value q = g.linear("q", x, parts.q()); // [T, H*D]
    Value k = g.linear("k", x, parts.k());
    Value queries = w.qNorm().map(n -> c.norm().apply(g, "q_norm", q, n)).orElse(q);
    Value keys = w.kNorm().map(n -> c.norm().apply(g, "k_norm", k, n)).orElse(k);
    Value v = g.linear("v", x, parts.v());
    return g.attention(queries, keys, v, c.attention(), g.keysAndValues(c.attention()), slopes);
  }
}
