package io.solebox.app.bench;

import static io.solebox.app.bench.SynthTensor.matrix;
import static io.solebox.app.bench.SynthTensor.ones;

import io.solebox.engine.tensor.TensorType;
import java.util.List;

/** Parts of layers that several families have. */
final class SynthLayers {
  private SynthLayers() {}

  static void attention(
      List<SynthTensor> all, String scope, int layer, SynthShape s, SynthFormat format) {
    TensorType main = format.main();
    int heads = s.heads * s.headDim;
    int kv = s.kvHeads * s.headDim;
    all.add(ones(scope + "attn_norm", s.hidden));
    all.add(matrix(scope + "attn_q", main, s.hidden, heads));
    all.add(matrix(scope + "attn_k", main, s.hidden, kv));
    all.add(matrix(scope + "attn_v", format.sensitive(layer, s.layers), s.hidden, kv));
    all.add(matrix(scope + "attn_output", main, heads, s.hidden));
  }

  static void network(
      List<SynthTensor> all, String scope, int layer, SynthShape s, SynthFormat format) {
    TensorType main = format.main();
    all.add(matrix(scope + "ffn_gate", main, s.hidden, s.ffn));
    all.add(matrix(scope + "ffn_up", main, s.hidden, s.ffn));
    all.add(matrix(scope + "ffn_down", format.sensitive(layer, s.layers), s.ffn, s.hidden));
  }
}
