package io.solebox.backend.cuda;

import io.solebox.engine.backend.trial.WalkDepth;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code memory_walk.cu} writes: of each word what its kind says, then with the bits of {@code
 * invert} turned over.
 *
 * @param name for people
 * @param seed of random numbers; the first bit of walking ones; the constant itself
 */
record WalkPattern(String name, Kind kind, int seed, int invert) {
  private static final int SEED = 0x2f6b1e5d;
  private static final int ALTERNATING = 0x55555555;
  private static final int ALL = -1;

  /** In the order of the kernel's. */
  enum Kind {
    /** A word's own number. */
    ADDRESS,
    /** Numbers that look random. */
    RANDOM,
    /** One bit, in each word the one above that of the word before. */
    WALKING,
    /** The same in every word. */
    CONSTANT
  }

  static List<WalkPattern> of(WalkDepth depth) {
    var patterns = new ArrayList<WalkPattern>();
    both(patterns, "own address", Kind.ADDRESS, 0);
    both(patterns, "random numbers", Kind.RANDOM, SEED);
    if (depth == WalkDepth.FULL) {
      both(patterns, "zeros", Kind.CONSTANT, 0);
      both(patterns, "0x55555555", Kind.CONSTANT, ALTERNATING);
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        both(patterns, "walking bit " + bit, Kind.WALKING, bit);
      }
    }
    return patterns;
  }

  private static void both(List<WalkPattern> patterns, String name, Kind kind, int seed) {
    patterns.add(new WalkPattern(name, kind, seed, 0));
    patterns.add(new WalkPattern(name + ", inverted", kind, seed, ALL));
  }
}
