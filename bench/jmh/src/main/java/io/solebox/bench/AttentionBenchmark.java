package io.solebox.bench;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.backend.cpu.kernel.KvLayout;
import io.solebox.backend.cpu.nativelib.AttentionBindings;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Attention of the last tokens of a sequence, one layer of a Llama-3.2-1B shape, one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
  private static final AttentionShape SHAPE =
      new AttentionShape(
          Sequence.HEADS,
          Sequence.KV_HEADS,
          Sequence.HEAD_DIM,
          (float) (1 / Math.sqrt(Sequence.HEAD_DIM)),
          new Mask.Causal());

  /** The Java kernel with its cache. */
  @State(Scope.Thread)
  public static class Vectors {
    private AttentionKernel kernel;
    private AttentionKernel.Scratch scratch;
    private MemorySegment cache;
    private int[] blocks;

    /** Fills the cache. */
    @Setup
    public void open(Sequence s) {
      var layout = KvLayout.of(SHAPE, s.kvType);
      kernel = new AttentionKernel(SHAPE, s.kvType, new float[0], new float[0]);
      scratch = kernel.scratch();
      blocks = IntStream.range(0, KvBlocks.forTokens(s.context)).toArray();
      cache = Library.allocate(s.arena, blocks.length * layout.blockBytes());
      for (int position = 0; position < s.context; position++) {
        for (int head = 0; head < Sequence.KV_HEADS; head++) {
          long at = (long) Float.BYTES * head * Sequence.HEAD_DIM;
          int slot = position % KvBlocks.TOKENS;
          layout.storeKey(cache, position / KvBlocks.TOKENS, head, slot, s.kv, at);
          layout.storeValue(cache, position / KvBlocks.TOKENS, head, slot, s.kv, at);
        }
      }
    }
  }

  /** The C kernel with its cache. */
  @State(Scope.Thread)
  public static class Native {
    private final AttentionBindings library = Library.bind().attention();
    private long op;
    private MemorySegment cache;
    private MemorySegment blocks;
    private MemorySegment scratch;

    /** Fills the cache. */
    @Setup
    public void open(Sequence s) {
      int type = TensorType.valueOf(s.kvType.name()).id();
      int headsPerKv = Sequence.HEADS / Sequence.KV_HEADS;
      op = AttentionBindings.op(type, SHAPE, 0, 0, s.arena);
      long blockBytes = KvLayout.of(SHAPE, s.kvType).blockBytes();
      int[] ids = IntStream.range(0, KvBlocks.forTokens(s.context)).toArray();
      blocks = s.arena.allocateFrom(ValueLayout.JAVA_INT, ids);
      cache = Library.allocate(s.arena, ids.length * blockBytes);
      long floats =
          library.attentionScratch(
              (long) s.tokens * headsPerKv, Sequence.HEAD_DIM, Sequence.HEAD_DIM);
      scratch = Library.allocate(s.arena, Float.BYTES * floats);
      for (int position = 0; position < s.context; position++) {
        long block = cache.address() + position / KvBlocks.TOKENS * blockBytes;
        int slot = position % KvBlocks.TOKENS;
        long kv = s.kv.address();
        library.storeKv(op, block, slot, 1, kv, kv);
      }
    }

    private void attend(Sequence s, int head) {
      library.attend(
          op,
          cache.address(),
          blocks.address(),
          s.position(),
          s.tokens,
          s.position(),
          head,
          s.q.address(),
          s.out.address(),
          scratch.address());
    }
  }

  /** The Vector API kernel. */
  @Benchmark
  public void vectors(Sequence s, Vectors v, Rates rates) {
    for (int head = 0; head < Sequence.KV_HEADS; head++) {
      int end = s.position() + s.tokens - 1;
      v.kernel.run(
          v.cache, v.blocks, s.position(), s.tokens, end, head, s.q, s.out, 0, 0, v.scratch, false);
    }
    s.count(rates, v.cache.byteSize());
  }

  /** The C kernel. */
  @Benchmark
  public void library(Sequence s, Native n, Rates rates) {
    for (int head = 0; head < Sequence.KV_HEADS; head++) {
      n.attend(s, head);
    }
    s.count(rates, n.cache.byteSize());
  }
}
