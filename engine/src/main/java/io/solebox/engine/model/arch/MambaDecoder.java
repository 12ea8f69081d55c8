package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Keys;

/**
 * A decoder of Mamba-2 alone (Dao and Gu, arXiv:2405.21060): no attention, no network behind it.
 */
final class MambaDecoder implements Architecture<MambaDecoder.Config> {
  record Config(int numLayers, Mamba2.Sizes mamba, Norm norm) {}

  record Layer(@Gguf("attn_norm") Weight norm, Mamba2 mamba) {}

  @Override
  public String name() {
    return "mamba2";
  }

  @Override
  public Config config(Keys keys) {
    var decoder = new DecoderKeys(keys);
    keys.countOr("attention.head_count", 0); // there is none
    return new Config(decoder.layers(), Mamba2.Sizes.read(keys), decoder.rmsNorm());
  }

  @Override
  public Graph graph(Config c, WeightBinder weights) {
    var ends = weights.bind(Ends.class, "");
    var layers = weights.bindLayers(Layer.class, c.numLayers());
    weights.requireComplete();

    var g = new GraphBuilder();
    Value x = g.embed(ends.tokenEmbd()); // [T, E]
    for (int l = 0; l < c.numLayers(); l++) {
      Layer w = layers.get(l);
      g.layer(l, x);
      Value h = c.norm().apply(g, "norm", x, w.norm());
      x = g.add("residual", x, w.mamba().of(g, h, c.mamba(), c.norm()));
    }
    return ends.finish(g, x, c.norm(), Purpose.ANSWER);
  }
}
