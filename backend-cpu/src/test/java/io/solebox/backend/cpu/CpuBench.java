package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.FmaPeak;
import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Times decode and prefill of a Llama-3.2-1B shape with random weights, one line per format, beside
 * the read bandwidth and the f32 multiply-adds of the same minute: {@code CpuBench THREADS
 * FORMAT...} (docs/cpu-backend.md has the command). Not a test: speeds are reported, never
 * asserted.
 */
final class CpuBench {
  private static final int WIDTH = 2048;
  private static final int FFN = 8192;
  private static final int HEADS = 32;
  private static final int KV_HEADS = 8;
  private static final int HEAD_DIM = 64;
  private static final int VOCAB = 128256;
  private static final int LAYERS = 16;
  private static final int PREFILL = 256;
  private static final int DECODE = 24;

  /** Prefills after the first, while the compiler may still be at it. */
  private static final int WARM = 4;

  private final Backend backend;
  private final int threads;
  private final Arena arena;
  private final TensorType type;
  private long weightBytes;

  /** Multiply-adds of matrix products per token, the output matrix not counted. */
  private long work;

  private CpuBench(Backend backend, int threads, Arena arena, TensorType type) {
    this.backend = backend;
    this.threads = threads;
    this.arena = arena;
    this.type = type;
  }

  public static void main(String[] args) {
    int threads = Integer.parseInt(args[0]);
    try (Backend backend = new CpuBackend(threads)) {
      System.out.println(backend.describe());
      for (String format : Arrays.copyOfRange(args, 1, args.length)) {
        try (Arena arena = Arena.ofShared()) {
          new CpuBench(backend, threads, arena, TensorType.valueOf(format)).run();
        }
      }
    }
  }

  /** A few random rows, repeated: blocks as valid as a file's, at memory speed. */
  private Weight matrix(int rows, int cols) {
    var random = new RandomTensors(arena, new SplittableRandom(rows + cols));
    MemorySegment some = random.weight("", 8, cols, type, 0.02).data();
    MemorySegment data = arena.allocate(type.bytes(cols) * rows, 64);
    for (long at = 0; at < data.byteSize(); at += some.byteSize()) {
      long n = Math.min(some.byteSize(), data.byteSize() - at);
      MemorySegment.copy(some, 0, data, at, n);
    }
    weightBytes += data.byteSize();
    work += rows == VOCAB ? 0 : (long) rows * cols;
    return new Weight("", rows, cols, type, data);
  }

  private Graph graph() {
    var b = new GraphBuilder();
    var gain = new RandomTensors(arena, new SplittableRandom(1)).floats("", 1, WIDTH, () -> 1);
    float[] frequencies = new float[HEAD_DIM / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) Math.pow(500000, -2.0 * i / HEAD_DIM);
    }
    var rotation = new Rotation(Rotation.Pairing.ADJACENT, frequencies, 1);
    var shape = new AttentionShape(HEADS, KV_HEADS, HEAD_DIM, 0.125f, new Mask.Causal());
    Weight table = matrix(VOCAB, WIDTH);
    Value x = b.embed(table);
    for (int layer = 0; layer < LAYERS; layer++) {
      b.layer(layer, x);
      Value h = b.rmsNorm("", x, gain, 1e-5f);
      Value q = b.linear("", h, matrix(WIDTH, WIDTH));
      Value k = b.linear("", h, matrix(KV_HEADS * HEAD_DIM, WIDTH));
      Value v = b.linear("", h, matrix(KV_HEADS * HEAD_DIM, WIDTH));
      q = b.rope("", q, HEAD_DIM, rotation);
      k = b.rope("", k, HEAD_DIM, rotation);
      Value attended = b.attention(q, k, v, shape);
      x = b.add("", x, b.linear("", attended, matrix(WIDTH, WIDTH)));
      h = b.rmsNorm("", x, gain, 1e-5f);
      Value act =
          b.swiGlu(b.linear("", h, matrix(FFN, WIDTH)), b.linear("", h, matrix(FFN, WIDTH)));
      x = b.add("", x, b.linear("", act, matrix(WIDTH, FFN)));
    }
    b.head();
    Value last = b.rmsNorm("", b.selectRows(x), gain, 1e-5f);
    return b.build(last, b.linear("", last, table));
  }

  private void run() {
    Graph graph = graph();
    int context = PREFILL + 4 * DECODE;
    var limits =
        new Limits(
            context,
            PREFILL,
            8,
            8,
            KvBlocks.forTokens(context),
            KvType.F16,
            Activations.AUTO,
            1L << 34);
    long start = System.nanoTime();
    try (Plan plan = backend.prepare(graph, limits, Progress.none());
        Arena confined = Arena.ofConfined()) {
      double prepared = (System.nanoTime() - start) / 1e9;
      var outputs = new Outputs(confined, 8, 8, VOCAB);
      double first = seconds(plan, outputs, 0, 1);
      double cold = seconds(plan, outputs, 0, PREFILL);
      double warm = cold;
      for (int i = 0; i < WARM; i++) {
        warm = Math.min(warm, seconds(plan, outputs, 0, PREFILL));
      }
      double peak = FmaPeak.perSecond(threads);
      double before = bandwidth();
      double[] decode = new double[3 * DECODE];
      for (int i = 0; i < decode.length; i++) {
        decode[i] = seconds(plan, outputs, PREFILL + i, 1);
      }
      double after = bandwidth();
      Arrays.sort(decode, DECODE, decode.length);
      double median = decode[2 * DECODE];
      System.out.printf(
          "%-5s prepare %.2f s, first token %.2f s, prefill cold %.0f warm %.0f tokens/s = %.0f %%"
              + " of %.0f GFMA/s, decode %.1f tokens/s = %.1f GB/s, read %.1f and %.1f GB/s, share %.0f %%%n",
          type,
          prepared,
          first,
          PREFILL / cold,
          PREFILL / warm,
          100 * work * PREFILL / warm / peak,
          peak / 1e9,
          1 / median,
          weightBytes / median / 1e9,
          before,
          after,
          200 * weightBytes / median / 1e9 / (before + after));
    }
  }

  private double bandwidth() {
    return backend.yardsticks().getFirst().measure().get().orElseThrow() / 1e9;
  }

  private static double seconds(Plan plan, Outputs outputs, int position, int tokens) {
    var batch =
        new Batch(
            IntStream.range(0, tokens).toArray(),
            IntStream.range(position, position + tokens).toArray(),
            new int[tokens],
            List.of(new Batch.Sequence(new int[][] {IntStream.range(0, 64).toArray()}, 0)),
            List.of(new RowRequest.Argmax(tokens - 1, LogitEdit.NONE)),
            new Batch.Input.Tokens());
    long start = System.nanoTime();
    plan.run(batch, outputs);
    return (System.nanoTime() - start) / 1e9;
  }
}
