package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Qwen3-Next and Qwen 3.5 (Qwen team, 2025): three of four layers keep a state by the gated delta
 * rule, the fourth attends, through a gate.
 */
final class Qwen3Next implements Architecture<Qwen3Next.Config> {
  private static final int INTERVAL = 4;

  private final Kind kind;

  /** Whose files. */
  enum Kind {
    NEXT("qwen3next"),
    DENSE("qwen35"),
    EXPERTS("qwen35moe");

    private final String architecture;

    Kind(String architecture) {
      this.architecture = architecture;
    }
  }

  Qwen3Next(Kind kind) {
    this.kind = kind;
  }

  /**
   * @param recurrent which layers keep a state
   */
  record Config(DecoderConfig decoder, Delta delta, boolean[] recurrent, Optional<Moe> moe) {}

  /**
   * The state of a layer.
   *
   * @param heads Hv, value heads
   * @param keyHeads Hk
   * @param dim Dk and Dv
   */
  record Delta(int heads, int keyHeads, int dim) {
    int keys() {
      return keyHeads * dim;
    }

    int values() {
      return heads * dim;
    }
  }

  record Layer(@Gguf("attn_norm") Weight attnNorm, @Gguf("post_attention_norm") Weight ffnNorm) {}

  /** What stands between the norms of a layer. */
  sealed interface Mixer {
    Value of(GraphBuilder g, Value h, Config c, Rotation rotation);
  }

  /**
   * @param q per head the query, and then what the head's result is let through by
   */
  record Attending(
      @Gguf("attn_q") Projection q,
      @Gguf("attn_k") Projection k,
      @Gguf("attn_v") Projection v,
      SelfAttention.QkNorms norms,
      @Gguf("attn_output") Projection o)
      implements Mixer {
    @Override
    public Value of(GraphBuilder g, Value h, Config c, Rotation rotation) {
      DecoderConfig d = c.decoder();
      int dim = d.headDim();
      var attention =
          new SelfAttention(
              g, d.attention(), Optional.of(norms), Optional.of(rotation), d.norm().epsilon());
      Value both = g.linear("q", h, q); // [T, H * 2D]
      Value query = attention.queries(g.slice("q_part", both, 2 * dim, 0, dim));
      Value key = attention.keys(g.linear("k", h, k));
      Value a = g.attention(query, key, g.linear("v", h, v), d.attention());
      Value gate = g.slice("q_gate", both, 2 * dim, dim, dim);
      return g.linear("attn_out", g.gated("attn_gated", gate, a, Activation.SIGMOID), o);
    }
  }

  /** What all layers with a state have. */
  record State(
      @Gguf("ssm_conv1d") Weight convolution,
      @Gguf(value = "ssm_dt", suffix = "bias") Weight bias,
      @Gguf(value = "ssm_a", suffix = "") Weight rate,
      @Gguf("ssm_norm") Weight norm,
      @Gguf("ssm_out") Projection out) {}

  /** Queries, keys and values of all heads, and what the result is let through by. */
  record Inputs(@Gguf("attn_qkv") Projection qkv, @Gguf("attn_gate") Projection gate) {}

  /** The same in older files: per key head its query, its key, its values and their gates. */
  record OldInputs(@Gguf("ssm_in") Projection all) {}

  /** How strongly the state fades and learns, in one: per key head b of its heads, and then a. */
  record JoinedRates(@Gguf("ssm_ba") Projection both) {}

  record SplitRates(@Gguf("ssm_beta") Projection b, @Gguf("ssm_alpha") Projection a) {}

  record Recurrent(
      State state,
      Optional<Inputs> inputs,
      Optional<OldInputs> oldInputs,
      Optional<JoinedRates> joined,
      Optional<SplitRates> split)
      implements Mixer {
    @Override
    public Value of(GraphBuilder g, Value h, Config c, Rotation rotation) {
      Delta d = c.delta();
      Value qkv = inputs.map(w -> g.linear("qkv", h, w.qkv())).orElse(null);
      Value z = inputs.map(w -> g.linear("z", h, w.gate())).orElse(null);
      if (oldInputs.isPresent()) {
        Value all = g.linear("ssm_in", h, oldInputs.get().all());
        qkv = OldOrder.qkv(g, all, d);
        z = OldOrder.gates(g, all, d);
      }
      Value mixed = g.shortConv("conv", qkv, state.convolution(), Optional.empty());
      mixed = g.activate("conv_act", mixed, Activation.SILU);
      int width = mixed.width();
      float epsilon = c.decoder().norm().epsilon();
      Value q = g.slice("q", mixed, width, 0, d.keys());
      Value k = g.slice("k", mixed, width, d.keys(), d.keys());
      Value v = g.slice("v", mixed, width, 2 * d.keys(), d.values());
      q = Norm.euclidean(g, "q_norm", q, d.dim(), epsilon);
      k = Norm.euclidean(g, "k_norm", k, d.dim(), epsilon);
      q = g.scale("q_scaled", q, (float) (1 / Math.sqrt(d.dim())));
      Value y =
          g.gatedDelta(
              q, k, v, a(g, h, d), b(g, h, d), state.bias(), state.rate(), d.dim(), sharing());
      Value normed = c.decoder().norm().apply(g, "ssm_norm", y, state.norm());
      return g.linear("ssm_out", g.gated("ssm_gated", z, normed, Activation.SILU), state.out());
    }

    /** Converters of the newer files put value heads so that key heads take turns. */
    private StateOp.Sharing sharing() {
      return split.isPresent() ? StateOp.Sharing.BY_TURNS : StateOp.Sharing.NEIGHBOURS;
    }

    private Value a(GraphBuilder g, Value h, Delta d) {
      return split.map(w -> g.linear("alpha", h, w.a())).orElseGet(() -> half(g, "alpha", h, d, 1));
    }

    private Value b(GraphBuilder g, Value h, Delta d) {
      return split.map(w -> g.linear("beta", h, w.b())).orElseGet(() -> half(g, "beta", h, d, 0));
    }

    private Value half(GraphBuilder g, String name, Value h, Delta d, int which) {
      int shared = d.heads() / d.keyHeads();
      Value both = g.linear("ssm_ba", h, joined.orElseThrow().both());
      return g.slice(name, both, 2 * shared, which * shared, shared);
    }
  }

  /** Parts of {@link OldInputs}. */
  private static final class OldOrder {
    private static int group(Delta d) {
      return 2 * d.dim() + 2 * shared(d);
    }

    /** Elements of all value heads of a key head. */
    private static int shared(Delta d) {
      return d.values() / d.keyHeads();
    }

    static Value qkv(GraphBuilder g, Value all, Delta d) {
      Value q = g.slice("q_in", all, group(d), 0, d.dim());
      Value k = g.slice("k_in", all, group(d), d.dim(), d.dim());
      Value v = g.slice("v_in", all, group(d), 2 * d.dim(), shared(d));
      return g.join("qkv", g.join("qk", q, q.width(), k, k.width()), 2 * q.width(), v, v.width());
    }

    static Value gates(GraphBuilder g, Value all, Delta d) {
      return g.slice("z", all, group(d), 2 * d.dim() + shared(d), shared(d));
    }
  }

  @Override
  public String name() {
    return kind.architecture;
  }

  @Override
  public Config config(Keys keys) {
    var decoder = DecoderConfig.read(keys);
    keys.has("rope.dimension_sections"); // in texts all three positions are the same
    int heads = keys.positive("ssm.time_step_rank");
    int inner = keys.positive("ssm.inner_size");
    int dim = keys.positive("ssm.state_size");
    keys.positive("ssm.conv_kernel"); // the tensor says it
    if (inner != heads * dim) {
      throw keys.bad("ssm.inner_size", "%d is not %d heads of %d".formatted(inner, heads, dim));
    }
    var delta = new Delta(heads, keys.positive("ssm.group_count"), dim);
    if (heads % delta.keyHeads() != 0) {
      throw keys.bad(
          "ssm.group_count", delta.keyHeads() + " key heads do not divide " + heads + " heads");
    }
    boolean experts = keys.countOr("expert_count", 0) > 0;
    return new Config(
        decoder,
        delta,
        recurrent(keys, decoder.numLayers()),
        experts ? Optional.of(Moe.read(keys, true)) : Optional.empty());
  }

  private static boolean[] recurrent(Keys keys, int layers) {
    int interval = keys.positiveOr("full_attention_interval", INTERVAL);
    if (keys.has("attention.recurrent_layers")) {
      return keys.flags("attention.recurrent_layers", layers);
    }
    boolean[] recurrent = new boolean[layers];
    for (int l = 0; l < layers; l++) {
      recurrent[l] = (l + 1) % interval != 0;
    }
    return recurrent;
  }

  private static Mixer mixer(Config c, WeightBinder weights, int layer) {
    String prefix = "blk." + layer + ".";
    if (!c.recurrent()[layer]) {
      return weights.bind(Attending.class, prefix);
    }
    boolean old = weights.has(prefix + "ssm_in.weight");
    boolean joined = weights.has(prefix + "ssm_ba.weight");
    return new Recurrent(
        weights.bind(State.class, prefix),
        old ? Optional.empty() : Optional.of(weights.bind(Inputs.class, prefix)),
        old ? Optional.of(weights.bind(OldInputs.class, prefix)) : Optional.empty(),
        joined ? Optional.of(weights.bind(JoinedRates.class, prefix)) : Optional.empty(),
        joined ? Optional.empty() : Optional.of(weights.bind(SplitRates.class, prefix)));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    List<Mixer> mixers =
        IntStream.range(0, d.numLayers()).mapToObj(l -> mixer(c, weights, l)).toList();
    var ffns = Ffn.bind(weights, d.numLayers(), c.moe(), c.moe().isPresent());
    weights.requireComplete();
    var rotation = d.rope().rotation(Rotation.Pairing.HALVES);

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      x = g.add("attn_residual", x, mixers.get(l).of(g, h, c, rotation));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return ends.finish(g, x, d.norm(), d.purpose());
  }
}
