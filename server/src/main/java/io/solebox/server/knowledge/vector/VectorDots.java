package io.solebox.server.knowledge.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** The same with vectors. */
final class VectorDots implements Dots {
  private static final int L = F.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @Override
  public void scores(MemorySegment rows, int[] chosen, int count, float[] query, float[] scores) {
    float[] sums = new float[L];
    for (int c = 0; c < count; c++) {
      scores[c] = dot(rows, (long) chosen[c] * query.length * Float.BYTES, query, sums);
    }
  }

  private static float dot(MemorySegment rows, long at, float[] query, float[] sums) {
    FloatVector even = FloatVector.zero(F);
    FloatVector odd = FloatVector.zero(F);
    for (int i = 0; i < query.length; i += 2 * L) {
      long here = at + (long) i * Float.BYTES;
      even =
          FloatVector.fromMemorySegment(F, rows, here, ORDER)
              .mul(FloatVector.fromArray(F, query, i))
              .add(even);
      odd =
          FloatVector.fromMemorySegment(F, rows, here + (long) L * Float.BYTES, ORDER)
              .mul(FloatVector.fromArray(F, query, i + L))
              .add(odd);
    }
    even.add(odd).intoArray(sums, 0);
    return Dots.sum(sums, L);
  }
}
