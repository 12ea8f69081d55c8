package io.solebox.store.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lanes make the bits that one weight after the other makes, of rows of every kind. */
class VectorSearchesTest {
  private static final int COLS = 768;

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {
        "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS"
      })
  void bitsAreEqual(TensorType type) {
    var random = new Random(7);
    float[] x = rows(random);
    float[] columns = new float[COLS];
    for (int i = 1; i < COLS; i++) {
      columns[i] = (float) Math.pow(random.nextGaussian(), 4); // and 0 for the first
    }
    for (Importance importance :
        new Importance[] {Importance.UNKNOWN, new Importance(columns, 0)}) {
      byte[] plain = encode(type, new PlainSearches(), x, importance);
      byte[] vectors = encode(type, new VectorSearches(), x, importance);
      assertArrayEquals(plain, vectors, type + " " + importance.isKnown());
    }
  }

  private static byte[] encode(
      TensorType type, Searches searches, float[] x, Importance importance) {
    byte[] out = new byte[Math.toIntExact(type.bytes(x.length))];
    Encoders.of(type, searches).encode(x, x.length / COLS, COLS, importance, out);
    return out;
  }

  /** Of all sizes, of one sign, alike, sparse, nothing, and next to nothing. */
  private static float[] rows(Random random) {
    int kinds = 9;
    float[] x = new float[kinds * COLS];
    for (int row = 0; row < kinds; row++) {
      for (int i = 0; i < COLS; i++) {
        float value = (float) random.nextGaussian();
        x[row * COLS + i] =
            switch (row) {
              case 0 -> value;
              case 1 -> Math.abs(value);
              case 2 -> -Math.abs(value);
              case 3 -> 5 + value / 1000;
              case 4 -> Math.round(3 * value);
              case 5 -> random.nextInt(30) == 0 ? value : 0;
              case 6 -> value * 1e-18f;
              case 7 -> value * value * value * 1000;
              default -> 0;
            };
      }
    }
    Arrays.fill(x, 0, 16, 0.25f);
    return x;
  }
}
