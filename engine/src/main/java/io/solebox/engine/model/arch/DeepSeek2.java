package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
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

/**
 * DeepSeek 2, 3 and R1 (arXiv:2405.04434, arXiv:2412.19437): keys and values are kept compressed,
 * in one row for all heads, and compared as such, where the file has the matrices for it; else each
 * head has its own. Experts with a shared one.
 */
final class DeepSeek2 implements Architecture<DeepSeek2.Config> {
  /**
   * @param latentDim elements that keys and values of a position are compressed to
   * @param plainDim elements of a head's query that know no position
   * @param ropeDim those that do
   * @param latent whether heads are compared with what is compressed
   */
  record Config(
      int numLayers,
      int numHeads,
      int latentDim,
      int plainDim,
      int ropeDim,
      int valueDim,
      boolean latent,
      float scale,
      Rope rope,
      Norm norm,
      Optional<Moe> moe,
      int denseLayers) {
    int keyDim() {
      return plainDim + ropeDim;
    }
  }

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      @Gguf("attn_kv_a_mqa") Projection kvA,
      @Gguf("attn_kv_a_norm") Weight kvANorm,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Weight ffnNorm) {}

  /** Queries, compressed on their way or not. */
  sealed interface Queries {
    Value of(GraphBuilder g, Value h, Norm norm);
  }

  record Direct(@Gguf("attn_q") Projection q) implements Queries {
    @Override
    public Value of(GraphBuilder g, Value h, Norm norm) {
      return g.linear("q", h, q);
    }
  }

  record Compressed(
      @Gguf("attn_q_a") Projection a,
      @Gguf("attn_q_a_norm") Weight norm,
      @Gguf("attn_q_b") Projection b)
      implements Queries {
    @Override
    public Value of(GraphBuilder g, Value h, Norm kind) {
      return g.linear("q", kind.apply(g, "q_a_norm", g.linear("q_a", h, a), norm), b);
    }
  }

  /**
   * @param k per head [latent, plain]: what turns a query to be compared with what is compressed
   * @param v per head [value, latent]: what turns the result to values
   */
  record Latent(@Gguf("attn_k_b") Weight k, @Gguf("attn_v_b") Weight v) {}

  /**
   * @param kv per head [plain + value, latent]
   */
  record PerHead(@Gguf("attn_kv_b") Projection kv) {}

  @Override
  public String name() {
    return "deepseek2";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    int layers = decoder.layers();
    int heads = keys.uniform("attention.head_count", layers);
    keys.uniform("attention.head_count_kv", layers); // 1 in newer files, H in older ones
    boolean latent = keys.has("attention.key_length_mla");
    String suffix = latent ? "_mla" : "";
    int keyDim = keys.positive("attention.key_length" + suffix);
    int valueDim = keys.positive("attention.value_length" + suffix);
    keys.countOr("attention.key_length", 0); // of what is kept, where heads share it
    keys.countOr("attention.value_length", 0);
    keys.countOr("attention.q_lora_rank", 0); // the tensors say it
    int ropeDim = keys.positive("rope.dimension_count");
    Rope rope = decoder.rope(ropeDim);
    boolean experts = keys.countOr("expert_count", 0) > 0;
    keys.has("expert_weights_scale"); // of files without experts as well
    int dense = keys.countOr("leading_dense_block_count", 0);
    keys.countOr("expert_shared_count", 0); // the tensors of the shared expert are as wide
    return new Config(
        layers,
        heads,
        keys.positive("attention.kv_lora_rank"),
        keyDim - ropeDim,
        ropeDim,
        valueDim,
        latent,
        scale(keys, rope, keyDim),
        unscaled(keys, rope),
        decoder.rmsNorm(),
        experts ? Optional.of(moe(keys)) : Optional.empty(),
        experts ? dense : layers);
  }

  private static Moe moe(Keys keys) {
    return Moe.read(keys, false).shared(keys).scored(keys, ExpertOp.Scoring.SOFTMAX);
  }

  /** {@code m^2 / sqrt(D)}: what YaRN would multiply queries and keys with goes to scores. */
  private static float scale(Keys keys, Rope rope, int keyDim) {
    double m = 1;
    if (rope.stretch() instanceof Rope.Yarn yarn) {
      float log = keys.numberOr("rope.scaling.yarn_log_multiplier", 0);
      m = RopeKeys.magnitude(yarn.factor(), log * 10); // files hold a tenth of it
    }
    return (float) (m * m / Math.sqrt(keyDim));
  }

  private static Rope unscaled(Keys keys, Rope rope) {
    float own = keys.numberOr("rope.scaling.yarn_attn_factor", 1);
    return switch (rope.stretch()) {
      case Rope.Linear _, Rope.Factors _ -> rope;
      case Rope.Yarn y ->
          rope.withStretch(
              new Rope.Yarn(y.factor(), y.original(), y.fast(), y.slow(), own, y.truncated()));
    };
  }

  private static List<Ffn> ffns(Config c, WeightBinder weights) {
    return IntStream.range(0, c.numLayers())
        .<Ffn>mapToObj(
            l ->
                l < c.denseLayers()
                    ? weights.bind(Ffn.Glu.class, "blk." + l + ".")
                    : c.moe()
                        .orElseThrow()
                        .bind(weights, l, weights.has("blk." + l + ".ffn_up_shexp.weight")))
        .toList();
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    var queries =
        IntStream.range(0, c.numLayers())
            .<Queries>mapToObj(
                l ->
                    weights.has("blk." + l + ".attn_q.weight")
                        ? weights.bind(Direct.class, "blk." + l + ".")
                        : weights.bind(Compressed.class, "blk." + l + "."))
            .toList();
    var latents = c.latent() ? weights.bindLayers(Latent.class, c.numLayers()) : List.<Latent>of();
    var perHead =
        c.latent() ? List.<PerHead>of() : weights.bindLayers(PerHead.class, c.numLayers());
    var ffns = ffns(c, weights);
    weights.requireComplete();
    var rotation = c.rope().rotation(Rotation.Pairing.ADJACENT);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value q = queries.get(l).of(g, h, c.norm()); // [T, H * (plain + rope)]
      Value kv = g.linear("kv_a", h, w.kvA()); // [T, latent + rope]
      int row = c.latentDim() + c.ropeDim();
      Value compressed = g.slice("kv_compressed", kv, row, 0, c.latentDim());
      Value kRope = g.slice("k_rope_part", kv, row, c.latentDim(), c.ropeDim());
      var in =
          new Inputs(
              g.slice("q_plain", q, c.keyDim(), 0, c.plainDim()),
              g.rope(
                  "q_rope",
                  g.slice("q_rope_part", q, c.keyDim(), c.plainDim(), c.ropeDim()),
                  c.ropeDim(),
                  rotation),
              c.norm().apply(g, "kv_a_norm", compressed, w.kvANorm()),
              g.rope("k_rope", kRope, c.ropeDim(), rotation));
      Value a = c.latent() ? latent(g, c, in, latents.get(l)) : perHead(g, c, in, perHead.get(l));
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = c.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return ends.finish(g, x, c.norm(), Purpose.ANSWER);
  }

  /**
   * What attention is made of.
   *
   * @param qPlain [T, H * plain]
   * @param qRope [T, H * rope]
   * @param compressed [T, latent]
   * @param kRope [T, rope]
   */
  private record Inputs(Value qPlain, Value qRope, Value compressed, Value kRope) {}

  private static Value latent(GraphBuilder g, Config c, Inputs in, Latent w) {
    int heads = c.numHeads();
    int row = c.latentDim() + c.ropeDim();
    Value q = g.headLinear("q_latent", in.qPlain(), w.k(), heads); // [T, H * latent]
    q = g.join("q_joined", q, c.latentDim(), in.qRope(), c.ropeDim());
    Value k = g.join("k_joined", in.compressed(), c.latentDim(), in.kRope(), c.ropeDim());
    var shape =
        new AttentionShape(
            heads, 1, row, c.latentDim(), c.scale(), Optional.empty(), new Mask.Causal(), true);
    return g.headLinear("v_b", g.latentAttention(q, k, shape), w.v(), heads); // [T, H * value]
  }

  private static Value perHead(GraphBuilder g, Config c, Inputs in, PerHead w) {
    int heads = c.numHeads();
    int both = c.plainDim() + c.valueDim();
    Value kv = g.linear("kv_b", in.compressed(), w.kv()); // [T, H * (plain + value)]
    Value kPlain = g.slice("k_plain", kv, both, 0, c.plainDim());
    Value v = g.slice("v", kv, both, c.plainDim(), c.valueDim());
    Value q = g.join("q_joined", in.qPlain(), c.plainDim(), in.qRope(), c.ropeDim());
    Value k = g.join("k_joined", kPlain, c.plainDim(), in.kRope(), c.ropeDim());
    var shape =
        new AttentionShape(heads, heads, c.keyDim(), c.scale(), new Mask.Causal())
            .withValueDim(c.valueDim());
    return g.attention(q, k, v, shape);
  }
}
