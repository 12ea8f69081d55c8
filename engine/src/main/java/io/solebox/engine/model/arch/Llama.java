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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Llama 1 to 3 (Touvron et al., arXiv:2302.13971; Grattafiori et al., arXiv:2407.21783), Mistral
 * (Jiang et al., arXiv:2310.06825), Mixtral (arXiv:2401.04088) and their many relatives, which
 * differ in few things: biases, norms of queries and keys, experts, layers without positions.
 */
final class Llama implements Architecture<Llama.Config> {
  private final String name;
  private final Rotation.Pairing pairing;
  private final Set<Trait> traits;

  /** What relatives have of their own. */
  enum Trait {
    /** Queries and keys are normed. */
    QK_NORMS,
    /** Their files may have experts. */
    EXPERTS,
    /** Shares of experts are as they come, and do not sum to 1 (OLMoE, arXiv:2409.02060). */
    SHARES_AS_THEY_COME,
    /** Every fourth layer knows no positions (SmolLM3). */
    FOURTH_WITHOUT_POSITIONS,
    /** Queries may grow with their position (Ministral 3). */
    GROWING_QUERIES,
    /** Their norms come after queries and keys are turned (Hunyuan, arXiv:2411.02265). */
    NORMS_BEHIND_ROTATION
  }

  /**
   * @param pairing how its files have the rows of queries and keys
   */
  Llama(String name, Rotation.Pairing pairing, Trait... traits) {
    this.name = name;
    this.pairing = pairing;
    this.traits = Set.of(traits);
  }

  private boolean has(Trait trait) {
    return traits.contains(trait);
  }

  record Config(
      DecoderConfig decoder,
      Optional<Moe> moe,
      OptionalInt shortContext,
      Optional<Growth> growth) {}

  /** {@code 1 + slope ln(1 + floor(position / tokens))}. */
  record Growth(float slope, int tokens) {}

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf(value = "ffn_norm", or = "post_attention_norm") Weight ffnNorm) {}

  record Top(Ends ends, LongRope factors) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = DecoderConfig.read(keys);
    if (!has(Trait.EXPERTS)) {
      new DecoderKeys(keys).refuseExperts();
    }
    boolean normalized = !has(Trait.SHARES_AS_THEY_COME);
    Optional<Moe> moe =
        keys.countOr("expert_count", 0) > 1 && has(Trait.EXPERTS)
            ? Optional.of(Moe.read(keys, normalized))
            : Optional.empty();
    return new Config(decoder, moe, new RopeKeys(keys).shortContext(), growth(keys));
  }

  private Optional<Growth> growth(Keys keys) {
    if (!has(Trait.GROWING_QUERIES)) {
      return Optional.empty();
    }
    float slope = keys.numberOr("attention.temperature_scale", 0);
    return slope == 0
        ? Optional.empty()
        : Optional.of(new Growth(slope, new RopeKeys(keys).originalContext()));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var ffns = Ffn.bind(weights, d.numLayers(), c.moe());
    var norms =
        has(Trait.QK_NORMS)
            ? weights.bindLayers(SelfAttention.QkNorms.class, d.numLayers())
            : List.<SelfAttention.QkNorms>of();
    weights.requireComplete();
    var rotation = top.factors().rotation(d.rope(), pairing, weights, c.shortContext());

    var g = new GraphBuilder();
    Value x = g.embed(top.ends().tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      var attention =
          new SelfAttention(
              g,
              d.attention(),
              norms.isEmpty() ? Optional.empty() : Optional.of(norms.get(l)),
              rotated(l) ? Optional.of(rotation) : Optional.empty(),
              d.norm().epsilon(),
              has(Trait.NORMS_BEHIND_ROTATION));
      Value a = attention.of(h, w.qkv().parts(d.heads()), q -> grown(g, q, c));
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return top.ends().finish(g, x, d.norm(), d.purpose());
  }

  private boolean rotated(int layer) {
    return !has(Trait.FOURTH_WITHOUT_POSITIONS) || (layer + 1) % 4 != 0;
  }

  private static Value grown(GraphBuilder g, Value q, Config c) {
    return c.growth()
        .map(s -> g.scaleByPosition("q_growth", q, s.slope(), s.tokens(), 0))
        .orElse(q);
  }
}
