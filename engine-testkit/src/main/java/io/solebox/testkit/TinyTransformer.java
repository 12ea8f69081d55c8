package io.solebox.testkit;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.SplittableRandom;

/** A whole decoder with random weights: three layers, all ops, a mix of formats. */
final class TinyTransformer {
  static final int VOCAB = 257;
  static final int LAYERS = 3;
  static final int WIDTH = 256;
  private static final int HEADS = 8;
  private static final int KV_HEADS = 2;
  private static final int HEAD_DIM = 32;
  private static final int FFN = 512;
  private static final TensorType[] FORMATS = {
    TensorType.Q8_0, TensorType.Q4_K, TensorType.F16, TensorType.Q6_K, TensorType.Q4_0
  };

  private final RandomTensors random;
  private final GraphBuilder b = new GraphBuilder();
  private int weights;

  private TinyTransformer(Arena arena) {
    random = new RandomTensors(arena, new SplittableRandom(42));
  }

  /**
   * @param arena lifetime of the weights, open to all threads
   */
  static Graph graph(Arena arena) {
    return new TinyTransformer(arena).build();
  }

  private Weight matrix(int rows, int cols) {
    TensorType type = FORMATS[weights++ % FORMATS.length];
    return random.weight("w" + weights, rows, cols, type, 1 / Math.sqrt(cols));
  }

  private Weight gain(int n) {
    return random.floats("gain", 1, n, () -> 1);
  }

  private Graph build() {
    var frequencies = new float[HEAD_DIM / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(10000, -2.0 * i / HEAD_DIM);
    }
    var rotation = new Rotation(Rotation.Pairing.HALVES, frequencies, 1);
    Weight table = random.weight("embed", VOCAB, WIDTH, TensorType.Q8_0, 1);
    Value x = b.embed(table);
    for (int layer = 0; layer < LAYERS; layer++) {
      b.layer(layer, x);
      x = feedForward(attention(x, layer, rotation));
    }
    b.head();
    Value last = b.rmsNorm("norm", b.selectRows(x), gain(WIDTH), 1e-5f);
    return b.build(last, b.linear("output", last, table));
  }

  private Value attention(Value x, int layer, Rotation rotation) {
    Value h = b.rmsNorm("attn_norm", x, gain(WIDTH), 1e-5f);
    Weight bias = random.gaussian("bias", 1, HEADS * HEAD_DIM, 0.1);
    Value q = b.linear("q", h, matrix(HEADS * HEAD_DIM, WIDTH), Optional.of(bias));
    Value k = b.linear("k", h, matrix(KV_HEADS * HEAD_DIM, WIDTH));
    Value v = b.linear("v", h, matrix(KV_HEADS * HEAD_DIM, WIDTH));
    q = b.rope("q_rope", b.rmsNorm("q_norm", q, gain(HEAD_DIM), 1e-5f), HEAD_DIM, rotation);
    k = b.rope("k_rope", b.rmsNorm("k_norm", k, gain(HEAD_DIM), 1e-5f), HEAD_DIM, rotation);
    Mask mask = layer == 1 ? new Mask.SlidingWindow(40) : new Mask.Causal();
    float scale = (float) (1 / Math.sqrt(HEAD_DIM));
    var shape = new GraphBuilder.AttentionShape(HEADS, KV_HEADS, HEAD_DIM, scale, mask);
    Value attended = b.attention(q, k, v, shape);
    return b.add("attn_out", x, b.linear("o", attended, matrix(WIDTH, HEADS * HEAD_DIM)));
  }

  private Value feedForward(Value x) {
    Value h = b.rmsNorm("ffn_norm", x, gain(WIDTH), 1e-5f);
    Value gate = b.linear("gate", h, matrix(FFN, WIDTH));
    Value up = b.linear("up", h, matrix(FFN, WIDTH));
    return b.add("ffn_out", x, b.linear("down", b.swiGlu(gate, up), matrix(WIDTH, FFN)));
  }
}
