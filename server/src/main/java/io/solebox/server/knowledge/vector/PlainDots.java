package io.solebox.server.knowledge.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Plain loops. Each row is copied to the heap first: off it, every float would be a slow call. */
final class PlainDots implements Dots {
  @Override
  public void scores(MemorySegment rows, int[] chosen, int count, float[] query, float[] scores) {
    int stride = query.length;
    float[] row = new float[stride];
    float[] sums = new float[WIDTH];
    for (int c = 0; c < count; c++) {
      long at = (long) chosen[c] * stride * Float.BYTES;
      MemorySegment.copy(rows, ValueLayout.JAVA_FLOAT, at, row, 0, stride);
      scores[c] = dot(row, query, sums);
    }
  }

  private static float dot(float[] row, float[] query, float[] sums) {
    Arrays.fill(sums, 0);
    for (int i = 0; i < row.length; i += sums.length) {
      for (int lane = 0; lane < sums.length; lane++) {
        sums[lane] += row[i + lane] * query[i + lane];
      }
    }
    return Dots.sum(sums, sums.length);
  }
}
