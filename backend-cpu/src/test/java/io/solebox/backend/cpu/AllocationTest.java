package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.management.ThreadMXBean;
import io.solebox.backend.cpu.nativelib.NativeKernels;
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
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A decode step leaves almost no garbage: many layers, so that a small object for each phase or
 * each unit of work would be seen.
 */
class AllocationTest {
  private static final int LAYERS = 40;
  private static final int WIDTH = 64;
  private static final int HEAD_DIM = 32;
  private static final int VOCAB = 500;
  private static final int CONTEXT = 1024;
  private static final int COUNTED = 400;

  /** Of a step, in all threads; the rule is 1 KB for a token, engine and server included. */
  private static final long MOST_BYTES = 700;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void decodeLeavesAlmostNoGarbage(int threads) {
    if (NativeKernels.find(Optional.empty()) instanceof NativeKernels.Unusable none) {
      // Vectors of the Vector API are objects until their loops are compiled.
      abort("SKIPPED: no native kernels. " + none.reason());
    }
    var limits =
        new Limits(
            CONTEXT, 8, 1, 1, KvBlocks.forTokens(CONTEXT), KvType.F16, Activations.AUTO, 1L << 32);
    try (Arena arena = Arena.ofShared();
        Backend backend = new CpuBackend(threads, KernelChoice.of(Optional.of("native")));
        Plan plan = backend.prepare(graph(arena), limits, Progress.none())) {
      var outputs = new Outputs(arena, 1, 1, VOCAB);
      Batch[] steps =
          IntStream.range(0, CONTEXT).mapToObj(AllocationTest::step).toArray(Batch[]::new);
      int at = 0;
      for (; at < CONTEXT - COUNTED; at++) {
        plan.run(steps[at], outputs);
      }
      long before = allocated();
      for (; at < CONTEXT; at++) {
        plan.run(steps[at], outputs);
      }
      long bytes = (allocated() - before) / COUNTED;
      assertTrue(bytes <= MOST_BYTES, bytes + " bytes a step");
    }
  }

  /** By the calling thread and all teams' threads so far. */
  private static long allocated() {
    Thread[] all = new Thread[Thread.activeCount() + 100];
    int count = Thread.enumerate(all);
    return Arrays.stream(all, 0, count)
        .filter(t -> t == Thread.currentThread() || t.getName().startsWith("solebox-cpu-"))
        .mapToLong(t -> THREADS.getThreadAllocatedBytes(t.threadId()))
        .sum();
  }

  private static final int[][] BLOCKS = {IntStream.range(0, KvBlocks.forTokens(CONTEXT)).toArray()};

  private static Batch step(int position) {
    return new Batch(
        new int[] {position % VOCAB},
        new int[] {position},
        new int[1],
        List.of(new Batch.Sequence(BLOCKS, 0)),
        List.of(new RowRequest.Argmax(0, LogitEdit.NONE)),
        new Batch.Input.Tokens());
  }

  private static Graph graph(Arena arena) {
    var random = new RandomTensors(arena, new SplittableRandom(7));
    var b = new GraphBuilder();
    Weight gain = random.floats("", 1, WIDTH, () -> 1);
    Weight square = random.weight("", WIDTH, WIDTH, TensorType.Q8_0, 0.1);
    Weight table = random.weight("", VOCAB, WIDTH, TensorType.F16, 0.1);
    var rotation = new Rotation(Rotation.Pairing.HALVES, new float[HEAD_DIM / 2], 1);
    int heads = WIDTH / HEAD_DIM;
    var shape = new AttentionShape(heads, heads, HEAD_DIM, 0.2f, new Mask.Causal());
    Value x = b.embed(table);
    for (int layer = 0; layer < LAYERS; layer++) {
      b.layer(layer, x);
      Value h = b.rmsNorm("", x, gain, 1e-5f);
      Value q = b.rope("", b.linear("", h, square), HEAD_DIM, rotation);
      Value k = b.rope("", b.linear("", h, square), HEAD_DIM, rotation);
      Value attended = b.attention(q, k, b.linear("", h, square), shape);
      x = b.add("", x, b.linear("", attended, square));
      h = b.rmsNorm("", x, gain, 1e-5f);
      Value act = b.swiGlu(b.linear("", h, square), b.linear("", h, square));
      x = b.add("", x, b.linear("", act, square));
    }
    b.head();
    Value last = b.rmsNorm("", b.selectRows(x), gain, 1e-5f);
    return b.build(last, b.linear("", last, table));
  }
}
