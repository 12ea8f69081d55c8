package io.solebox.bench;

import io.solebox.engine.backend.KvType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The end of a sequence that attends to all of it. */
@State(Scope.Thread)
public class Sequence {
  static final int HEADS = 32;
  static final int KV_HEADS = 8;
  static final int HEAD_DIM = 64;

  /** Of keys and values. */
  @Param({"F16", "Q8_0"})
  public KvType kvType;

  /** Positions in the cache. */
  @Param({"512", "4096"})
  public int context;

  /** 1 is decode, 8 a group of prefill. */
  @Param({"1", "8"})
  public int tokens;

  Arena arena;

  /** A key and value, the same at all positions: f32 [KV_HEADS, HEAD_DIM]. */
  MemorySegment kv;

  /** f32 [tokens, HEADS, HEAD_DIM]. */
  MemorySegment q;

  /** As q. */
  MemorySegment out;

  /** Allocates and fills. */
  @Setup
  public void open() {
    arena = Arena.ofShared();
    var tensors = new RandomTensors(arena, new SplittableRandom(1));
    kv = tensors.gaussian("kv", KV_HEADS, HEAD_DIM, 1).data();
    q = tensors.gaussian("q", tokens, HEADS * HEAD_DIM, 1).data();
    out = Library.allocate(arena, q.byteSize());
  }

  /** Frees. */
  @TearDown
  public void close() {
    arena.close();
  }

  /** Of the first of the tokens. */
  int position() {
    return context - tokens;
  }

  /** Counts attention of all heads; scores and values alike. */
  void count(Rates rates, long cacheBytes) {
    rates.multiplyAdds += 2L * tokens * HEADS * HEAD_DIM * context;
    rates.bytes += cacheBytes;
  }
}
