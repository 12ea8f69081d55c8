package io.solebox.bench;

import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A random weight matrix [rows, {@value #COLS}] in file layout, and activations for it. */
@State(Scope.Thread)
public class Matrix {
  static final int COLS = 2048;

  /** Of the weights. */
  @Param({"F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"})
  public TensorType format;

  /** 512 rows fit the cache in every format, 32768 fit in none. */
  @Param({"512", "32768"})
  public int rows;

  /** Tokens at once: decode, a batch, prefill. */
  @Param({"1", "8", "128"})
  public int tokens;

  Arena arena;
  Weight weight;

  /** f32 [tokens, COLS]. */
  MemorySegment x;

  /** f32 [tokens, rows]. */
  MemorySegment out;

  /** Allocates and fills. */
  @Setup
  public void open() {
    arena = Arena.ofShared();
    var tensors = new RandomTensors(arena, new SplittableRandom(1));
    weight = tensors.weight("weight", rows, COLS, format, 0.02);
    x = tensors.gaussian("x", tokens, COLS, 1).data();
    out = Library.allocate(arena, (long) Float.BYTES * tokens * rows);
  }

  /** Frees. */
  @TearDown
  public void close() {
    arena.close();
  }

  /** Counts one whole product. */
  void count(Rates rates) {
    rates.multiplyAdds += (long) tokens * rows * COLS;
    rates.bytes += weight.bytes();
  }
}
