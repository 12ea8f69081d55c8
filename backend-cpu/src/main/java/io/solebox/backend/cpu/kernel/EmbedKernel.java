package io.solebox.backend.cpu.kernel;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;

/**
 * Dequantizes single rows by the scalar truth, which is there for every format: the embedding of a
 * token, and small vectors once at load. They are too few for kernels of their own to matter. Java
 * reads them where the file is mapped: a page that the file has lost becomes an {@link
 * InternalError} there, and the end of the process in C.
 */
public final class EmbedKernel {
  private EmbedKernel() {}

  /** All weights of a vector. */
  public static float[] vector(Weight weight) {
    float[] out = new float[weight.cols()];
    weight.dequantize(0, out, 0);
    return out;
  }

  /**
   * Writes row {@code row} of a table [rows, cols] to f32 [cols] at byte {@code outAt}.
   *
   * @param scratch [cols]
   */
  public static void row(Weight table, int row, float[] scratch, MemorySegment out, long outAt) {
    table.dequantize(row, scratch, 0);
    MemorySegment.copy(scratch, 0, out, Lanes.FLOAT, outAt, table.cols());
  }

  /** Bytes of the scratch memory for rows of this table. */
  public static long scratchBytes(Weight table) {
    return (long) Float.BYTES * table.cols();
  }
}
