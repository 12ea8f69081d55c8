package io.solebox.backend.cuda;

import io.solebox.engine.backend.trial.Burn;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * What {@code burn.cu} multiplies, and what must come of it, to the bit: the same numbers at every
 * run.
 *
 * @param operands words of two tiles A, 16 rows of 8 words along k, then of the tiles B, 16 columns
 *     of 8 words
 * @param expected bits {@code [sums, 16, 16]} after all rounds
 */
record BurnPattern(int[] operands, int[] expected) {
  static final int SIDE = 16;
  private static final int WORDS = 8;
  private static final long SEED = 20_261_130;

  /**
   * With 4.2e6 for the products of one tile, sums of f16 stay below 2^23 up to here: whatever a
   * tensor core cuts off behind 24 bits is zeros.
   */
  static final int MOST_ROUNDS = 2000;

  private static final int MOST_A = 2046;
  private static final int MOST_BYTE = 127;

  /** What A falls short of being taken back in a round: its sums grow by it. */
  private static final float DRIFT = 1 / 64f;

  /** Elements of a word. */
  static int perWord(Burn.Numbers numbers) {
    return switch (numbers) {
      case F16 -> 2;
      case INT8 -> 4;
      case F32 -> 1;
    };
  }

  /** Of one warp in one round: both tiles A, times all B; a product and a sum are two. */
  static double operationsPerRound(Burn.Numbers numbers, int sums) {
    return 2.0 * 2 * sums * SIDE * SIDE * WORDS * perWord(numbers);
  }

  static BurnPattern of(Burn.Numbers numbers, int sums, int rounds) {
    var random = new SplittableRandom(SEED);
    return switch (numbers) {
      case F16 -> halves(random, sums, rounds);
      case INT8 -> bytes(random, sums, rounds);
      case F32 -> floats(random, sums, rounds);
    };
  }

  /** Whole numbers: A and nearly its opposite, so that sums do not leave what f32 holds exactly. */
  private static BurnPattern halves(SplittableRandom random, int sums, int rounds) {
    int depth = WORDS * perWord(Burn.Numbers.F16);
    var a = new int[2 * SIDE * depth];
    for (int i = 0; i < SIDE * depth; i++) {
      a[i] = random.nextInt(-MOST_A, MOST_A + 1);
      a[SIDE * depth + i] = (random.nextBoolean() ? 1 : -1) - a[i];
    }
    int[] b = random.ints((long) sums * SIDE * depth, -MOST_BYTE, MOST_BYTE + 1).toArray();
    return whole(a, b, depth, sums, rounds)
        .withBits(v -> Float.floatToFloat16(v), 2, v -> Float.floatToRawIntBits(v));
  }

  /** Sums wrap at 32 bits, which loses nothing. */
  private static BurnPattern bytes(SplittableRandom random, int sums, int rounds) {
    int depth = WORDS * perWord(Burn.Numbers.INT8);
    int[] a = random.ints(2L * SIDE * depth, -MOST_BYTE, MOST_BYTE + 1).toArray();
    int[] b = random.ints((long) sums * SIDE * depth, -MOST_BYTE, MOST_BYTE + 1).toArray();
    return whole(a, b, depth, sums, rounds).withBits(v -> v, 4, v -> v);
  }

  /** Elements, not yet packed, and what comes of them. */
  private record Whole(int[] elements, int[] results) {
    BurnPattern withBits(IntUnaryOperator element, int perWord, IntUnaryOperator result) {
      int bits = Integer.SIZE / perWord;
      var words = new int[elements.length / perWord];
      for (int i = 0; i < elements.length; i++) {
        int own = element.applyAsInt(elements[i]) & (1 << bits) - 1;
        words[i / perWord] |= own << i % perWord * bits;
      }
      int[] expected = results.clone();
      for (int i = 0; i < expected.length; i++) {
        expected[i] = result.applyAsInt(expected[i]);
      }
      return new BurnPattern(words, expected);
    }
  }

  private static Whole whole(int[] a, int[] b, int depth, int sums, int rounds) {
    var results = new int[sums * SIDE * SIDE];
    for (int i = 0; i < results.length; i++) {
      int row = i / SIDE % SIDE * depth;
      int column = (i / SIDE / SIDE * SIDE + i % SIDE) * depth;
      int sum = 0;
      for (int k = 0; k < depth; k++) {
        sum += (a[row + k] + a[SIDE * depth + row + k]) * b[column + k];
      }
      results[i] = rounds * sum;
    }
    var elements = new int[a.length + b.length];
    System.arraycopy(a, 0, elements, 0, a.length);
    System.arraycopy(b, 0, elements, a.length, b.length);
    return new Whole(elements, results);
  }

  /** All bits of the significands; each sum is rounded as IEEE 754 says, in the kernel's order. */
  private static BurnPattern floats(SplittableRandom random, int sums, int rounds) {
    int tile = SIDE * WORDS;
    var x = new float[(2 + sums) * tile];
    for (int i = 0; i < x.length; i++) {
      boolean opposite = i / tile == 1;
      float drift = (float) random.nextDouble(-1, 1);
      x[i] = opposite ? DRIFT * drift - x[i - tile] : drift;
    }
    var expected = new int[sums * SIDE * SIDE];
    for (int i = 0; i < expected.length; i++) {
      int row = i / SIDE % SIDE * WORDS;
      int column = (2 + i / SIDE / SIDE) * tile + i % SIDE * WORDS;
      float sum = 0;
      for (int half = 0; half < 2 * rounds; half++) {
        for (int k = 0; k < WORDS; k++) {
          sum = Math.fma(x[half % 2 * tile + row + k], x[column + k], sum);
        }
      }
      expected[i] = Float.floatToRawIntBits(sum);
    }
    var words = new int[x.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = Float.floatToRawIntBits(x[i]);
    }
    return new BurnPattern(words, expected);
  }
}
