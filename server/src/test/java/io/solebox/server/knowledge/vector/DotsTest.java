package io.solebox.server.knowledge.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DotsTest {
  private static final int ROWS = 9;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 31, 32, 33, 383, 384, 1024})
  void bothGiveTheSameBitsAndAreRight(int dimension) {
    Random random = new Random(dimension);
    int stride = Dots.stride(dimension);
    float[][] vectors = new float[ROWS][stride];
    float[] query = new float[stride];
    for (int i = 0; i < dimension; i++) {
      query[i] = random.nextFloat() - 0.5f;
      for (float[] vector : vectors) {
        vector[i] = random.nextFloat() - 0.5f;
      }
    }
    int[] chosen = {7, 0, 8, 8, 3};
    float[] plain = new float[ROWS];
    float[] fast = new float[ROWS];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate((long) ROWS * stride * Float.BYTES, Slab.ALIGNMENT);
      for (int r = 0; r < ROWS; r++) {
        MemorySegment.copy(
            MemorySegment.ofArray(vectors[r]),
            0,
            rows,
            (long) r * stride * Float.BYTES,
            (long) stride * Float.BYTES);
      }
      new PlainDots().scores(rows, chosen, 4, query, plain);
      new VectorDots().scores(rows, chosen, 4, query, fast);
    }
    assertArrayEquals(plain, fast);
    for (int c = 0; c < 4; c++) {
      double exact = 0;
      for (int i = 0; i < dimension; i++) {
        exact += (double) query[i] * vectors[chosen[c]][i];
      }
      assertEquals(exact, plain[c], 1e-4);
    }
    assertEquals(0, plain[4], "only so many as were chosen");
  }
}
