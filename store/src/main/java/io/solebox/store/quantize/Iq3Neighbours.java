package io.solebox.store.quantize;

import io.solebox.engine.tensor.Grid;
import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;

/**
 * The vectors of a grid by the levels of their four weights, and for levels that no vector has, the
 * vectors at the few smallest distances.
 */
final class Iq3Neighbours {
  private static final int WIDTH = 4;
  private static final int LEVEL_BITS = 3;
  private static final int POINTS = 1 << WIDTH * LEVEL_BITS;

  private static final class OfIq3S {
    static final Iq3Neighbours ALL = new Iq3Neighbours(Grid.of(TensorType.IQ3_S), 3);
  }

  private static final class OfIq3Xxs {
    static final Iq3Neighbours ALL = new Iq3Neighbours(Grid.of(TensorType.IQ3_XXS), 2);
  }

  /** Of each vector, its levels as a point. */
  private final int[] points;

  /** Of each point, the vector there, or vectors near it, nearest first. */
  private final short[][] near = new short[POINTS][];

  /**
   * @param distances how many of them count
   */
  private Iq3Neighbours(Grid grid, int distances) {
    points = new int[grid.size()];
    for (int v = 0; v < points.length; v++) {
      for (int i = 0; i < WIDTH; i++) {
        points[v] |= (grid.levels(v, 0) >>> 8 * i & 0xff) << LEVEL_BITS * i;
      }
      near[points[v]] = new short[] {(short) v};
    }
    long[] byDistance = new long[points.length];
    for (int p = 0; p < POINTS; p++) {
      if (near[p] == null) {
        near[p] = nearest(p, byDistance, distances);
      }
    }
  }

  static Iq3Neighbours ofIq3S() {
    return OfIq3S.ALL;
  }

  static Iq3Neighbours ofIq3Xxs() {
    return OfIq3Xxs.ALL;
  }

  private short[] nearest(int point, long[] byDistance, int most) {
    for (int v = 0; v < points.length; v++) {
      byDistance[v] = (long) distance(point, points[v]) << 32 | v;
    }
    Arrays.sort(byDistance);
    int count = 0;
    int distances = 0;
    long last = -1;
    for (; count < byDistance.length; count++) {
      long distance = byDistance[count] >>> 32;
      if (distance != last) {
        if (distances++ == most) {
          break;
        }
        last = distance;
      }
    }
    short[] vectors = new short[count];
    for (int i = 0; i < count; i++) {
      vectors[i] = (short) byDistance[i];
    }
    return vectors;
  }

  private static int distance(int a, int b) {
    int sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      int difference = level(a, i) - level(b, i);
      sum += difference * difference;
    }
    return sum;
  }

  /** Of weight {@code i} of a point. */
  static int level(int point, int i) {
    return point >>> LEVEL_BITS * i & (1 << LEVEL_BITS) - 1;
  }

  /** The levels of a vector. */
  int point(int vector) {
    return points[vector];
  }

  /** The vector at a point, or those near it in the order of their distance. */
  short[] near(int point) {
    return near[point];
  }
}
