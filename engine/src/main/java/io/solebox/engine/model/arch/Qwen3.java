package io.solebox.engine.model.arch;

import io.solebox.engine.gguf.GgufMetadata;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Qwen3, dense (Yang et al., arXiv:2505.09388): Llama with an RMS norm over each head of q and k
 * before the rotation, whose pairs are half a head apart.
 */
public final class Qwen3 implements Architecture {
  record Layer(
      @Gguf("attn_norm") Weight attnNorm,
      @Gguf("attn_q") Weight q,
      @Gguf("attn_k") Weight k,
      @Gguf("attn_v") Weight v,
      @Gguf("attn_q_norm") Weight qNorm,
      @Gguf("attn_k_norm") Weight kNorm,
      @Gguf("attn_output") Weight o,
      @Gguf("ffn_norm") Weight ffnNorm,
      @Gguf("ffn_gate") Weight gate,
      @Gguf("ffn_up") Weight up,
      @Gguf("ffn_down") Weight down) {}

  record Top(
      @Gguf("token_embd") Weight tokenEmbd,
      @Gguf("output_norm") Weight outputNorm,
      @Gguf("output") Optional<Weight> output) {}

  @Override
  public String name() {
    return "qwen3";
  }

  @Override
  public Graph build(GgufMetadata metadata, WeightBinder weights) {
    var c = DecoderConfig.read(metadata, name());
    var lookup = MethodHandles.lookup();
    var top = weights.bind(Top.class, lookup, "");
    var layers =
        IntStream.range(0, c.numLayers())
            .mapToObj(l -> weights.bind(Layer.class, lookup, "blk." + l + "."))
            .toList();
    weights.requireComplete();
    var rotation = c.rotation(Rotation.Pairing.HALVES, Optional.empty());

    var g = new GraphBuilder();
    Value x = g.embed(top.tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = g.rmsNorm("attn_norm", x, w.attnNorm(), c.rmsNormEps());
      Value q = g.rmsNorm("q_norm", g.linear("q", h, w.q()), w.qNorm(), c.rmsNormEps());
      q = g.rope("q_rope", q, c.headDim(), rotation); // [T, H*D]
      Value k = g.rmsNorm("k_norm", g.linear("k", h, w.k()), w.kNorm(), c.rmsNormEps());
      k = g.rope("k_rope", k, c.headDim(), rotation); // [T, K*D]
      Value v = g.linear("v", h, w.v()); // [T, K*D]
      Value a = g.attention(q, k, v, l, c.attention()); // [T, H*D]
      x = g.add("attn_residual", x, g.linear("attn_out", a, w.o()));
      Value f = g.rmsNorm("ffn_norm", x, w.ffnNorm(), c.rmsNormEps());
      Value act = g.swiGlu(g.linear("gate", f, w.gate()), g.linear("up", f, w.up())); // [T, F]
      x = g.add("ffn_residual", x, g.linear("down", act, w.down()));
    }
    g.head();
    Value hidden = g.rmsNorm("output_norm", g.selectRows(x), top.outputNorm(), c.rmsNormEps());
    return g.build(hidden, g.linear("logits", hidden, top.output().orElse(top.tokenEmbd())));
  }
}
