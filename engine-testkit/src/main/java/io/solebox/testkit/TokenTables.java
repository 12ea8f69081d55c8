package io.solebox.testkit;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Tables for graphs without a model around them. */
final class TokenTables {
  private static final int IDS = 300;

  private TokenTables() {}

  /** Tables of which the token id picks a row, so that it alone says what an op reads. */
  static Weight table(Arena arena, String name, int width) {
    var random = new RandomTensors(arena, new SplittableRandom(name.hashCode()));
    return random.gaussian(name, IDS, width, 1);
  }

  static int[] ids(int n, int seed) {
    return new SplittableRandom(seed).ints(n, 0, IDS).toArray();
  }

  /** What a table has for each id. */
  static double[][] rows(Weight table, int[] ids) {
    double[][] rows = RandomTensors.values(table);
    return Arrays.stream(ids).mapToObj(id -> rows[id]).toArray(double[][]::new);
  }
}
