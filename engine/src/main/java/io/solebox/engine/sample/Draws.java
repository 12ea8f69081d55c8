package io.solebox.engine.sample;

import java.util.SplittableRandom;

/**
 * The random numbers of one answer, one for each of its tokens, whatever is guessed on the way: the
 * token at a place is drawn with the number of that place. Remembers the latest ones, since guesses
 * look ahead and come back.
 */
final class Draws {
  /** More than anybody guesses ahead. */
  private static final int REMEMBERED = 128;

  private final SplittableRandom random;
  private final double[] latest = new double[REMEMBERED];
  private int made;

  Draws(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Uniform in [0, 1).
   *
   * @param place of the token in the answer, from 0
   */
  double at(int place) {
    while (made <= place) {
      latest[made++ % REMEMBERED] = random.nextDouble();
    }
    assert place >= made - REMEMBERED : "place " + place + " of " + made + " is forgotten";
    return latest[place % REMEMBERED];
  }
}
