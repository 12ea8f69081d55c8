package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Gemma 4 (Google, 2026), text only: layers with and without a window have heads of their own
 * length; the last ones may read keys and values of earlier ones, and each may read a vector of the
 * token made for it alone. Norm gains are as they are.
 */
final class Gemma4 implements Architecture<Gemma4.Config> {
  /**
   * @param heads of each layer
   * @param windowed which layers have a window
   * @param sharing layers, the last ones, that keep nothing of their own
   * @param perLayer elements of the vector that a token has for each layer; 0 for none
   */
  record Config(
      List<Heads> heads,
      boolean[] windowed,
      int window,
      int sharing,
      Rope rope,
      Rope windowRope,
      int perLayer,
      Norm norm,
      Optional<Moe> moe,
      Optional<Float> logitCap) {
    int numLayers() {
      return heads.size();
    }

    boolean keepsOwn(int layer) {
      return layer < numLayers() - sharing;
    }

    AttentionShape attention(int layer) {
      Mask mask = windowed[layer] ? new Mask.SlidingWindow(window) : new Mask.Causal();
      return heads.get(layer).attention(mask, 1);
    }
  }

  record Top(
      Ends ends,
      LongRope factors,
      @Gguf("per_layer_token_embd") Optional<Weight> perLayerEmbd,
      @Gguf("per_layer_model_proj") Optional<Weight> perLayerProj,
      @Gguf("per_layer_proj_norm") Optional<Weight> perLayerNorm) {}

  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      @Gguf("attn_q") Projection q,
      @Gguf("attn_k") Optional<Projection> k,
      @Gguf("attn_v") Optional<Projection> v,
      @Gguf("attn_q_norm") Weight qNorm,
      @Gguf("attn_k_norm") Optional<Weight> kNorm,
      @Gguf("attn_output") Projection o,
      @Gguf("post_attention_norm") Weight postAttentionNorm,
      @Gguf("ffn_norm") Weight ffnNorm,
      Ffn.Glu ffn,
      @Gguf("post_ffw_norm") Weight postFfwNorm,
      @Gguf("inp_gate") Optional<Weight> inputGate,
      @Gguf("proj") Optional<Weight> inputProj,
      @Gguf("post_norm") Optional<Weight> inputNorm,
      @Gguf("layer_output_scale") Optional<Weight> scale) {}

  /** Experts beside the network, each with norms of its own. */
  record Experts(
      Moe.Router router,
      @Gguf(value = "ffn_gate_inp", suffix = "scale") Weight routerScale,
      @Gguf("pre_ffw_norm_2") Weight before,
      @Gguf("post_ffw_norm_1") Weight afterNetwork,
      @Gguf("post_ffw_norm_2") Weight after,
      @Gguf(value = "ffn_down_exps", suffix = "scale") Optional<Weight> downScale) {}

  @Override
  public String name() {
    return "gemma4";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    int layers = decoder.layers();
    boolean[] windowed = decoder.windowed(PERIOD, false);
    int[] counts = keys.perLayer("attention.head_count", layers);
    int[] kvCounts = keys.perLayer("attention.head_count_kv", layers);
    int full = keys.positive("attention.key_length");
    int small = keys.positiveOr("attention.key_length_swa", full);
    keys.positiveOr("attention.value_length_swa", small);
    keys.positiveOr("attention.value_length", full);
    List<Heads> heads =
        IntStream.range(0, layers)
            .mapToObj(
                l ->
                    decoder.heads(
                        counts[l],
                        kvCounts[l],
                        windowed[l] ? small : full,
                        "attention.value_length" + (windowed[l] ? "_swa" : "")))
            .toList();
    var ropeKeys = new RopeKeys(keys);
    Rope rope = ropeKeys.read(full);
    boolean experts = keys.countOr("expert_count", 0) > 0;
    return new Config(
        heads,
        windowed,
        keys.positive("attention.sliding_window"),
        keys.countOr("attention.shared_kv_layers", 0),
        rope,
        ropeKeys.windowed(small, rope.plain()),
        keys.countOr("embedding_length_per_layer_input", 0),
        decoder.rmsNorm(),
        experts
            ? Optional.of(Moe.read(keys, true).withGating(new Gating.By(Activation.GELU)))
            : Optional.empty(),
        decoder.cap("final_logit_softcapping", USUAL_LOGIT_CAP));
  }

  private static final int PERIOD = 6;
  private static final String SHARES = "the layer reads keys and values of an earlier one";
  private static final float USUAL_LOGIT_CAP = 30;

  /** What a graph is made of, and the keeps that later layers read. */
  private record Making(
      GraphBuilder g, Config c, Rotation full, Rotation windowed, Map<Boolean, Keep.Paged> keeps) {}

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    List<Optional<Experts>> experts = new ArrayList<>();
    List<Optional<Moe.Experts>> matrices = new ArrayList<>();
    for (int l = 0; l < c.numLayers(); l++) {
      String prefix = "blk." + l + ".";
      if (!c.keepsOwn(l)) {
        weights.leaveOut(prefix + "attn_k", SHARES);
        weights.leaveOut(prefix + "attn_v", SHARES);
      }
      boolean has = c.moe().isPresent() && weights.has(prefix + "ffn_gate_inp.weight");
      experts.add(has ? Optional.of(weights.bind(Experts.class, prefix)) : Optional.empty());
      matrices.add(
          has ? Optional.of(c.moe().get().bind(weights, l, false).experts()) : Optional.empty());
    }
    weights.requireComplete();
    var g = new GraphBuilder();
    var making =
        new Making(g, c, full(c, top, weights), c.windowRope().rotation(PAIRING), new HashMap<>());

    float scale = (float) Math.sqrt(top.ends().tokenEmbd().cols());
    Value x = g.scale("embed_scaled", g.embed(top.ends().tokenEmbd()), scale); // [T, E]
    Optional<Value> perLayer = perLayer(making, x, top);
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = g.linear("attn_out", attention(making, h, w, l), w.o());
      x = g.add("attn_residual", x, c.norm().apply(g, "post_attn", a, w.postAttentionNorm()));
      Value y = network(making, x, w, experts.get(l), matrices.get(l));
      x = g.add("ffn_residual", x, c.norm().apply(g, "post_ffw", y, w.postFfwNorm()));
      x = withInput(making, x, w, perLayer, l);
      Optional<Float> factor = w.scale().map(s -> weights.numbers(s, 1)[0]);
      x = g.scale("layer_scaled", x, factor.orElse(1f));
    }
    return top.ends()
        .finish(
            g, x, c.norm(), Purpose.ANSWER, logits -> g.softCap("capped", logits, c.logitCap()));
  }

  private static final Rotation.Pairing PAIRING = Rotation.Pairing.HALVES;

  /** Pairs that a file divides by a huge number are not turned at all. */
  private static Rotation full(Config c, Top top, WeightBinder weights) {
    return top.factors().rotation(c.rope(), PAIRING, weights, OptionalInt.empty());
  }

  private static Value attention(Making m, Value h, Layer w, int l) {
    GraphBuilder g = m.g();
    Config c = m.c();
    float epsilon = c.norm().epsilon();
    boolean window = c.windowed()[l];
    AttentionShape shape = c.attention(l);
    var norms = new SelfAttention.QkNorms(w.qNorm(), w.kNorm().orElse(w.qNorm()));
    var attention =
        new SelfAttention(
            g, shape, Optional.of(norms), Optional.of(window ? m.windowed() : m.full()), epsilon);
    Value q = attention.queries(g.linear("q", h, w.q()));
    if (!c.keepsOwn(l)) {
      return g.sharedAttention(q, shape, m.keeps().get(window));
    }
    if (w.kNorm().isEmpty()) {
      throw missing("attn_k_norm", l);
    }
    Value raw = g.linear("k", h, w.k().orElseThrow(() -> missing("attn_k", l)));
    Value v = w.v().map(p -> g.linear("v", h, p)).orElse(raw);
    v = Norm.plain(g, "v_norm", v, shape.valueDim(), epsilon);
    Keep.Paged keep = g.keysAndValues(shape);
    m.keeps().put(window, keep);
    return g.attention(q, attention.keys(raw), v, shape, keep);
  }

  private static IllegalArgumentException missing(String tensor, int layer) {
    return new IllegalArgumentException("blk." + layer + "." + tensor + ".weight is missing");
  }

  private static Value network(
      Making m, Value x, Layer w, Optional<Experts> experts, Optional<Moe.Experts> matrices) {
    GraphBuilder g = m.g();
    Norm norm = m.c().norm();
    Value y = w.ffn().apply(g, norm.apply(g, "ffn_norm", x, w.ffnNorm()), Activation.GELU);
    if (experts.isEmpty()) {
      return y;
    }
    Experts e = experts.get();
    Moe moe = m.c().moe().orElseThrow();
    int width = x.width();
    Value asked = Norm.plain(g, "router_norm", x, width, norm.epsilon());
    asked = g.scale("router_scaled", asked, (float) (1 / Math.sqrt(width)));
    asked = g.scaleColumns("router_in", asked, e.routerScale());
    Value in = norm.apply(g, "pre_ffw_2", x, e.before());
    Value mixed = moe.apply(g, asked, in, e.router(), matrices.orElseThrow(), e.downScale());
    return g.add(
        "ffn_both",
        norm.apply(g, "post_ffw_1", y, e.afterNetwork()),
        norm.apply(g, "post_ffw_2", mixed, e.after()));
  }

  /** [T, L * P]: of each layer a vector of the token, and one of what the first layer reads. */
  private static Optional<Value> perLayer(Making m, Value x, Top top) {
    int p = m.c().perLayer();
    if (p == 0) {
      return Optional.empty();
    }
    GraphBuilder g = m.g();
    Value own = g.embed(top.perLayerEmbd().orElseThrow(() -> missing("per_layer_token_embd", 0)));
    own = g.scale("per_layer_own", own, (float) Math.sqrt(p));
    Value made = g.linear("per_layer_made", x, top.perLayerProj().orElseThrow());
    made = g.scale("per_layer_scaled", made, (float) (1 / Math.sqrt(x.width())));
    made = m.c().norm().apply(g, "per_layer_norm", made, top.perLayerNorm().orElseThrow());
    return Optional.of(g.scale("per_layer", g.add("per_layer_sum", own, made), HALF_ROOT));
  }

  private static final float HALF_ROOT = (float) Math.sqrt(0.5);

  private static Value withInput(Making m, Value x, Layer w, Optional<Value> perLayer, int layer) {
    if (perLayer.isEmpty()) {
      return x;
    }
    GraphBuilder g = m.g();
    int p = m.c().perLayer();
    Value all = perLayer.get();
    Value own = g.slice("layer_input", all, all.width(), layer * p, p);
    Value gate = g.linear("input_gate", x, w.inputGate().orElseThrow());
    Value y =
        g.linear(
            "input_proj",
            g.gated("input_act", gate, own, Activation.GELU),
            w.inputProj().orElseThrow());
    return g.add(
        "input_residual", x, m.c().norm().apply(g, "post_input", y, w.inputNorm().orElseThrow()));
  }
}
