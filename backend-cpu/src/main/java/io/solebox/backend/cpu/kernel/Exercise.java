package io.solebox.backend.cpu.kernel;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A kernel with a little data of its own, to be run until it is compiled. Not safe for many
 * threads. Memory is taken from an arena, as that of plans: heap segments would teach the compiler
 * the wrong types.
 */
@FunctionalInterface
public interface Exercise {
  /** Elements of a row; a multiple of every block size. */
  int WIDTH = 256;

  /** Four vectors of the widest kind: less would leave loops out. */
  int HEAD_DIM = 64;

  void run(boolean plain);

  /**
   * The matrix product with repacked weights of one format.
   *
   * @param tokens 1 for the kernel of decode; 2 for that of prefill
   */
  static Exercise codes(TensorType type, int tokens, Arena arena) {
    var layout = new CodeLayout(type, WIDTH);
    MemorySegment w = arena.allocate(layout.groupBytes(), 64);
    MemorySegment x = arena.allocate(tokens * layout.format.codes().bytes(WIDTH), 64);
    MemorySegment out = floats(tokens * CodeLayout.ROWS, arena);
    var kernel = new CodeKernel(layout, w, CodeLayout.ROWS, new float[0]);
    var scratch = new CodeKernel.Scratch(WIDTH);
    return plain -> kernel.run(x, out, tokens, 0, 1, scratch, plain);
  }

  /**
   * The matrix product with f32 activations and weights of one format.
   *
   * @param tokens 1 for the kernel of decode; 7 has a tile of each width
   */
  static Exercise linear(TensorType type, int tokens, Arena arena) {
    int rows = Tile.ROWS;
    MemorySegment w = arena.allocate(rows * type.bytes(WIDTH), 64);
    MemorySegment x = floats(tokens * WIDTH, arena);
    MemorySegment out = floats(tokens * rows, arena);
    var kernel = new LinearKernel(type, w, rows, WIDTH, new float[0]);
    var scratch = new LinearKernel.Scratch();
    return plain -> kernel.run(x, out, tokens, 0, rows, scratch, plain);
  }

  /** Attention of one token over a cache of one block. */
  static Exercise attention(KvType kvType, Arena arena) {
    int heads = 4;
    var shape = new AttentionShape(heads, 1, HEAD_DIM, 1f, new Mask.Causal());
    var kernel = new AttentionKernel(shape, kvType, new float[0], new float[0]);
    MemorySegment cache = arena.allocate(KvLayout.of(shape, kvType).blockBytes(), 64);
    MemorySegment q = floats(heads * HEAD_DIM, arena);
    MemorySegment out = floats(heads * HEAD_DIM, arena);
    var scratch = kernel.scratch();
    return plain -> kernel.run(cache, new int[1], 7, 1, 7, 0, q, out, 0, 0, scratch, plain);
  }

  /** All that treats elements one by one. */
  static Exercise pointwise(Arena arena) {
    MemorySegment a = floats(WIDTH, arena);
    MemorySegment b = floats(WIDTH, arena);
    float[] gain = new float[WIDTH];
    return plain -> {
      NormKernel.rmsNorm(a, b, 0, gain, 1e-5f, plain);
      Elementwise.silu(a, b, b, 0, WIDTH, plain);
      Elementwise.gelu(a, b, b, 0, WIDTH, plain);
      Elementwise.add(a, b, b, 0, WIDTH, plain);
    };
  }

  /** What is done with logits. */
  static Exercise answers(Arena arena) {
    int k = 4;
    MemorySegment logits = floats(WIDTH, arena);
    int[] ids = new int[k];
    float[] best = new float[k];
    return plain -> {
      RowKernel.argmax(logits, 0, WIDTH, plain);
      RowKernel.topK(logits, 0, WIDTH, k, ids, best, plain);
      RowKernel.logSumExp(logits, 0, WIDTH, plain);
    };
  }

  private static MemorySegment floats(int count, Arena arena) {
    return arena.allocate(4L * count, 64);
  }
}
