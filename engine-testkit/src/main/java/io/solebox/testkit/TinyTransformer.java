package io.solebox.testkit;

import io.solebox.engine.graph.AttentionShape;
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

/** A whole decoder with random weights: all ops, a mix of formats. */
final class TinyTransformer {
  static final int VOCAB = 257;
  static final int LAYERS = 3;
  static final int WIDTH = 256;
  private static final Sizes TINY = new Sizes(VOCAB, LAYERS, WIDTH, 8, 2, 32, 512);

  /** More rows than this are the same ones again: a prime, so that no tile of rows is as high. */
  private static final int PERIOD = 521;

  private static final TensorType[] FORMATS = {
    TensorType.Q8_0, TensorType.Q4_K, TensorType.F16, TensorType.Q6_K, TensorType.Q4_0
  };

  /** Of a decoder. */
  record Sizes(int vocab, int layers, int width, int heads, int kvHeads, int headDim, int ffn) {
    int kvWidth() {
      return kvHeads * headDim;
    }
  }

  private final Sizes sizes;
  private final Arena arena;
  private final RandomTensors random;
  private final GraphBuilder b = new GraphBuilder();
  private int weights;

  private TinyTransformer(Sizes sizes, Arena arena) {
    this.sizes = sizes;
    this.arena = arena;
    random = new RandomTensors(arena, new SplittableRandom(42));
  }

  /**
   * @param arena lifetime of the weights, open to all threads
   */
  static Graph graph(Arena arena) {
    return graph(TINY, arena);
  }

  /** The same in other sizes. */
  static Graph graph(Sizes sizes, Arena arena) {
    return new TinyTransformer(sizes, arena).build();
  }

  private Weight matrix(int rows, int cols) {
    TensorType type = FORMATS[weights++ % FORMATS.length];
    return weight("w" + weights, rows, cols, type, 1 / Math.sqrt(cols));
  }

  private Weight weight(String name, int rows, int cols, TensorType type, double magnitude) {
    Weight some = random.weight(name, Math.min(rows, PERIOD), cols, type, magnitude);
    return rows > PERIOD ? RandomTensors.repeated(some, rows, arena) : some;
  }

  private Weight gain(int n) {
    return random.floats("gain", 1, n, () -> 1);
  }

  private Graph build() {
    var frequencies = new float[sizes.headDim() / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(10000, -2.0 * i / sizes.headDim());
    }
    var rotation = new Rotation(Rotation.Pairing.HALVES, frequencies, 1);
    Weight table = weight("embed", sizes.vocab(), sizes.width(), TensorType.Q8_0, 1);
    Value x = b.embed(table);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      b.layer(layer, x);
      x = feedForward(attention(x, layer, rotation));
    }
    b.head();
    Value last = b.rmsNorm("norm", b.selectRows(x), gain(sizes.width()), 1e-5f);
    return b.build(last, b.linear("output", last, table));
  }

  private Value attention(Value x, int layer, Rotation rotation) {
    Value h = b.rmsNorm("attn_norm", x, gain(sizes.width()), 1e-5f);
    int dim = sizes.headDim();
    int qWidth = sizes.heads() * dim;
    Weight bias = random.gaussian("bias", 1, qWidth, 0.1);
    Value q = b.linear("q", h, matrix(qWidth, sizes.width()), Optional.of(bias));
    Value k = b.linear("k", h, matrix(sizes.kvWidth(), sizes.width()));
    Value v = b.linear("v", h, matrix(sizes.kvWidth(), sizes.width()));
    q = b.rope("q_rope", b.rmsNorm("q_norm", q, gain(dim), 1e-5f), dim, rotation);
    k = b.rope("k_rope", b.rmsNorm("k_norm", k, gain(dim), 1e-5f), dim, rotation);
    Mask mask = layer == 1 ? new Mask.SlidingWindow(40) : new Mask.Causal();
    float scale = (float) (1 / Math.sqrt(dim));
    var shape = new AttentionShape(sizes.heads(), sizes.kvHeads(), dim, scale, mask);
    Value attended = b.attention(q, k, v, shape);
    return b.add("attn_out", x, b.linear("o", attended, matrix(sizes.width(), qWidth)));
  }

  private Value feedForward(Value x) {
    Value h = b.rmsNorm("ffn_norm", x, gain(sizes.width()), 1e-5f);
    Value gate = b.linear("gate", h, matrix(sizes.ffn(), sizes.width()));
    Value up = b.linear("up", h, matrix(sizes.ffn(), sizes.width()));
    return b.add(
        "ffn_out", x, b.linear("down", b.swiGlu(gate, up), matrix(sizes.width(), sizes.ffn())));
  }
}
