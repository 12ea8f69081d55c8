package io.solebox.backend.cpu.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.backend.cpu.NarrowerVectors;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plain Java gives the bits that vectors give. */
@ExtendWith(NarrowerVectors.class)
class PlainTest {
  private final Arena arena = Arena.ofShared();
  private final SplittableRandom random = new SplittableRandom(3);

  @AfterEach
  void close() {
    arena.close();
  }

  /** A kernel that writes to {@code out}. */
  private interface Form {
    void run(MemorySegment out, boolean plain);
  }

  private void assertSameBits(String what, int count, Form form) {
    MemorySegment vectors = arena.allocate(4L * count, 64);
    MemorySegment plain = arena.allocate(4L * count, 64);
    form.run(vectors, false);
    form.run(plain, true);
    assertArrayEquals(vectors.toArray(Lanes.INT), plain.toArray(Lanes.INT), what);
  }

  private MemorySegment floats(int count, double scale) {
    MemorySegment s = arena.allocate(4L * Math.max(1, count), 64);
    for (int i = 0; i < count; i++) {
      s.set(Lanes.FLOAT, 4L * i, (float) (scale * random.nextGaussian()));
    }
    return s;
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void matrixProducts(TensorType type) {
    int block = type.blockSize();
    var tensors = new RandomTensors(arena, random);
    // One odd size, one of several slabs with a tail.
    for (int cols : new int[] {block == 1 ? 37 : block, block == 1 ? 1559 : 7 * 256}) {
      int rows = 21;
      var w = tensors.weight("w", rows, cols, type, 1);
      float[] bias = floats(rows, 1).toArray(Lanes.FLOAT);
      for (float[] b : new float[][] {bias, {}}) {
        var kernel = new LinearKernel(type, w.data(), rows, cols, b);
        for (int tokens : new int[] {1, 2, 7, 131}) {
          MemorySegment x = floats(tokens * cols, 1);
          var scratch = new LinearKernel.Scratch();
          assertSameBits(
              type + " x " + cols + ", tokens " + tokens,
              tokens * rows,
              (out, plain) -> kernel.run(x, out, tokens, 0, rows, scratch, plain));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  void repackedMatrixProducts(TensorType type) {
    int rows = 21;
    var tensors = new RandomTensors(arena, random);
    for (int cols : new int[] {type.blockSize(), 7 * 256}) {
      var layout = new CodeLayout(type, cols);
      var codes = layout.format.codes();
      var file = tensors.weight("w", rows, cols, type, 1);
      MemorySegment w = arena.allocate(2 * layout.groupBytes(), 64);
      layout.repack(file.data(), rows, w);
      float[] bias = floats(rows, 1).toArray(Lanes.FLOAT);
      for (float[] b : new float[][] {bias, {}}) {
        var kernel = new CodeKernel(layout, w, rows, b);
        for (int tokens : new int[] {1, 2, 7}) {
          MemorySegment x = arena.allocate(tokens * codes.bytes(cols), 64);
          codes.encode(floats(tokens * cols, 1), 0, tokens * cols, x, 0);
          var scratch = new CodeKernel.Scratch(cols);
          assertSameBits(
              type + " x " + cols + ", tokens " + tokens,
              tokens * rows,
              (out, plain) -> kernel.run(x, out, tokens, 0, 2, scratch, plain));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void attention(KvType type) {
    int heads = 6;
    int kvHeads = 2;
    for (int d : type == KvType.Q8_0 ? new int[] {32, 96} : new int[] {20, 64, 80}) {
      var plain = new AttentionShape(heads, kvHeads, d, 0.3f, new Mask.Causal());
      var layout = KvLayout.of(plain, type);
      int blocks = 10;
      MemorySegment cache = arena.allocate(layout.blockBytes() * blocks, 64);
      fill(cache, layout, blocks);
      int[] table = new int[blocks];
      Arrays.setAll(table, i -> blocks - 1 - i);
      for (Mask mask :
          new Mask[] {new Mask.Causal(), new Mask.SlidingWindow(50), new Mask.Bidirectional()}) {
        float[] slopes = mask.seesAhead() ? new float[] {0, 0.01f, 0.1f, 1, 2, 3} : new float[0];
        var kernel = new AttentionKernel(plain.withMask(mask), type, new float[0], slopes);
        for (int position : new int[] {0, 29, 254, 300}) {
          int tokens = 5;
          MemorySegment q = floats(tokens * heads * d, 2);
          var scratch = kernel.scratch();
          assertSameBits(
              type + " D " + d + " at " + position,
              tokens * heads * d,
              (out, p) -> {
                for (int head = 0; head < kvHeads; head++) {
                  kernel.run(cache, table, position, tokens, 310, head, q, out, 0, 0, scratch, p);
                }
              });
        }
      }
    }
  }

  private void fill(MemorySegment cache, KvLayout layout, int blocks) {
    int d = layout.keyDim();
    for (int block = 0; block < blocks; block++) {
      for (int head = 0; head < layout.numKvHeads(); head++) {
        for (int slot = 0; slot < 32; slot++) {
          layout.storeKey(cache, block, head, slot, floats(d, 1), 0);
          layout.storeValue(cache, block, head, slot, floats(d, 1), 0);
        }
      }
    }
  }

  @Test
  void pointwiseOps() {
    for (int n : new int[] {1, 15, 64, 333}) {
      MemorySegment a = floats(n, 40);
      MemorySegment b = floats(n, 1);
      float[] gain = b.asSlice(0, 4L * n).toArray(Lanes.FLOAT);
      assertSameBits("norm", n, (out, p) -> NormKernel.rmsNorm(a, out, 0, gain, 1e-5f, p));
      assertSameBits("swiglu", n, (out, p) -> Elementwise.silu(a, b, out, 0, n, p));
      assertSameBits("geglu", n, (out, p) -> Elementwise.gelu(a, b, out, 0, n, p));
      assertSameBits("add", n, (out, p) -> Elementwise.add(a, b, out, 0, n, p));
    }
  }

  @Test
  void exponentials() {
    float[] edges = {
      0f,
      -0f,
      1e-30f,
      87.9f,
      88f,
      89f,
      1e30f,
      Float.POSITIVE_INFINITY,
      -86.9f,
      -87f,
      -87.01f,
      -1e30f,
      Float.NEGATIVE_INFINITY,
      Float.NaN,
      Float.MIN_VALUE,
      0.5f
    };
    for (float x : edges) {
      assertEquals(Lanes.exp(Lanes.all(x)).lane(0), Plain.exp(x), "exp of " + x);
    }
    for (int i = 0; i < 10_000; i++) {
      float x = (float) random.nextDouble(-90, 90);
      assertEquals(Lanes.exp(Lanes.all(x)).lane(0), Plain.exp(x), "exp of " + x);
    }
  }

  @Test
  void answersFromLogits() {
    for (int vocab : new int[] {5, 257, 4099}) {
      MemorySegment logits = floats(vocab, 5);
      assertEquals(
          RowKernel.argmax(logits, 0, vocab, false), RowKernel.argmax(logits, 0, vocab, true));
      assertEquals(
          RowKernel.logSumExp(logits, 0, vocab, false),
          RowKernel.logSumExp(logits, 0, vocab, true));
      int[][] ids = new int[2][20];
      float[][] best = new float[2][20];
      for (int p = 0; p < 2; p++) {
        RowKernel.topK(logits, 0, vocab, 20, ids[p], best[p], p == 1);
      }
      assertArrayEquals(ids[0], ids[1]);
      assertArrayEquals(best[0], best[1]);
    }
  }

  /** Each exercise fits its kernels in both forms. */
  @Test
  void exercisesRun() {
    for (TensorType type : TensorType.values()) {
      assertRuns(Exercise.linear(type, 1, arena));
      assertRuns(Exercise.linear(type, 7, arena));
    }
    for (TensorType type : TensorType.values()) {
      if (CodeFormat.of(type).isPresent()) {
        assertRuns(Exercise.codes(type, 1, arena));
        assertRuns(Exercise.codes(type, 2, arena));
      }
    }
    for (KvType type : KvType.values()) {
      assertRuns(Exercise.attention(type, arena));
    }
    assertRuns(Exercise.pointwise(arena));
    assertRuns(Exercise.answers(arena));
  }

  private static void assertRuns(Exercise exercise) {
    exercise.run(true);
    exercise.run(false);
  }
}
