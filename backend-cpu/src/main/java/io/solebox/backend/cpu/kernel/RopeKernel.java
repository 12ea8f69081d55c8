package io.solebox.backend.cpu.kernel;

import io.solebox.engine.graph.Rotation;
import java.lang.foreign.MemorySegment;

/** Rotary position embedding (Su et al., RoFormer, arXiv:2104.09864). */
public final class RopeKernel {
  private RopeKernel() {}

  /**
   * Cosines and sines of one position, times the magnitude, computed in f64 and rounded once.
   *
   * @param table f32 [2, pairs] from byte {@code at}: the cosine of each pair, then the sines
   */
  public static void table(Rotation rotation, int position, MemorySegment table, long at) {
    float[] frequencies = rotation.inverseFrequencies();
    for (int i = 0; i < frequencies.length; i++) {
      double angle = (double) position * frequencies[i];
      float cos = (float) (Math.cos(angle) * rotation.magnitude());
      float sin = (float) (Math.sin(angle) * rotation.magnitude());
      table.set(Lanes.FLOAT, at + 4L * i, cos);
      table.set(Lanes.FLOAT, at + 4L * (frequencies.length + i), sin);
    }
  }

  /**
   * Turns every head of one token's row.
   *
   * @param at byte offset of the row in both segments
   * @param tableAt byte offset of the token's row of the table
   */
  public static void rotate(
      MemorySegment x,
      MemorySegment out,
      long at,
      int width,
      int headDim,
      Rotation rotation,
      MemorySegment table,
      long tableAt) {
    int pairs = rotation.inverseFrequencies().length;
    boolean adjacent =
        switch (rotation.pairing()) {
          case ADJACENT -> true;
          case HALVES -> false;
        };
    int step = adjacent ? 2 : 1;
    int partner = adjacent ? 1 : pairs;
    for (int head = 0; head < width; head += headDim) {
      for (int i = 0; i < pairs; i++) {
        long first = at + 4L * (head + step * i);
        long second = first + 4L * partner;
        float cos = table.get(Lanes.FLOAT, tableAt + 4L * i);
        float sin = table.get(Lanes.FLOAT, tableAt + 4L * (pairs + i));
        float a = x.get(Lanes.FLOAT, first);
        float b = x.get(Lanes.FLOAT, second);
        out.set(Lanes.FLOAT, first, a * cos - b * sin);
        out.set(Lanes.FLOAT, second, a * sin + b * cos);
      }
      for (int i = 2 * pairs; i < headDim; i++) {
        long o = at + 4L * (head + i);
        out.set(Lanes.FLOAT, o, x.get(Lanes.FLOAT, o));
      }
    }
  }
}
