package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Projection;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.source.Keys;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Phi 3 and 4 (Abdin et al., arXiv:2404.14219). Gate and up are one tensor. As in llama.cpp the
 * window of a file does not count, unless it also says which layers have it.
 *
 * <p>Phi 3.5 MoE has experts, and biases everywhere. Its files are computed as llama.cpp computes
 * them, which is not quite what they were trained for: norms take no mean away, and the two shares
 * of a token are a softmax over all experts, divided by their sum.
 */
final class Phi3 implements Architecture<Phi3.Config> {
  private static final String WINDOWS = "attention.sliding_window_pattern";

  private final String name;

  /**
   * @param name with experts or without
   */
  Phi3(String name) {
    this.name = name;
  }

  record Config(DecoderConfig decoder, OptionalInt shortContext, Optional<Moe> moe) {}

  record Layer(
      @Gguf("attn_norm") Projection attnNorm,
      Qkv qkv,
      @Gguf("attn_output") Projection o,
      @Gguf("ffn_norm") Projection ffnNorm) {}

  record Top(Ends ends, LongRope factors) {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public Config config(Keys keys) {
    boolean experts = keys.countOr("expert_count", 0) > 0;
    return new Config(
        decoder(keys),
        new RopeKeys(keys).shortContext(),
        experts ? Optional.of(Moe.read(keys, true)) : Optional.empty());
  }

  private static DecoderConfig decoder(Keys keys) {
    var d = DecoderConfig.read(keys);
    if (keys.has(WINDOWS)) {
      keys.refuseIf(
          keys.countOr(WINDOWS, 0) != 0, WINDOWS, "gives a window to some layers and not to all");
      return d;
    }
    return new DecoderConfig(
        d.numLayers(), d.heads(), d.rope(), new Mask.Causal(), d.norm(), d.purpose());
  }

  private static Ffn ffn(Config c, WeightBinder weights, int layer) {
    return c.moe()
        .<Ffn>map(m -> m.bind(weights, layer, false))
        .orElseGet(() -> weights.bind(Ffn.FusedGlu.class, "blk." + layer + "."));
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    DecoderConfig d = c.decoder();
    var top = weights.bind(Top.class, "");
    var layers = weights.bindLayers(Layer.class, d.numLayers());
    var ffns = IntStream.range(0, d.numLayers()).mapToObj(l -> ffn(c, weights, l)).toList();
    weights.requireComplete();
    var rotation =
        top.factors().rotation(d.rope(), Rotation.Pairing.HALVES, weights, c.shortContext());

    var g = new GraphBuilder();
    Value x = g.embed(top.ends().tokenEmbd()); // [T, E]
    for (int l = 0; l < d.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = d.norm().apply(g, "attn_norm", x, w.attnNorm());
      Value a = new SelfAttention(g, d.attention(), rotation).of(h, w.qkv().parts(d.heads()));
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = d.norm().apply(g, "ffn_norm", x, w.ffnNorm());
      x = g.add("ffn_residual", x, ffns.get(l).apply(g, f, Activation.SILU));
    }
    return top.ends().finish(g, x, d.norm(), d.purpose());
  }
}
