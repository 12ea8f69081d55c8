package io.solebox.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many pieces devices get. */
class CutsTest {
  private static final Cuts.Fits ANY = (_, _, _) -> true;

  private static double[] equal(int pieces) {
    double[] costs = new double[pieces];
    Arrays.fill(costs, 1);
    return costs;
  }

  private static Optional<List<Integer>> best(int pieces, double... weights) {
    return Cuts.best(equal(pieces), weights, ANY);
  }

  @Test
  void sharesAreAsTheWeights() {
    assertEquals(Optional.of(List.of(16, 8, 8)), best(32, 2, 1, 1));
    assertEquals(Optional.of(List.of(8, 8, 8, 8)), best(32, 1, 1, 1, 1));
    assertEquals(Optional.of(List.of(24, 8)), best(32, 900e9, 300e9));
  }

  @Test
  void everybodyGetsOneAndThereMayBeTooFew() {
    assertEquals(Optional.of(List.of(3, 1)), best(4, 1000, 1));
    assertEquals(Optional.of(List.of(1, 1)), best(2, 1000, 1));
    assertEquals(Optional.empty(), best(1, 1, 1));
  }

  @Test
  void aDearPieceCountsAsWhatItCosts() {
    double[] headIsLarge = {1, 1, 1, 1, 4};
    assertEquals(Optional.of(List.of(4, 1)), Cuts.best(headIsLarge, new double[] {1, 1}, ANY));
  }

  @Test
  void whatDoesNotFitGoesToTheOthers() {
    Cuts.Fits threeOnTheFirst = (device, from, to) -> device > 0 || to - from <= 3;
    double[] weights = {1, 1};
    assertEquals(Optional.of(List.of(3, 7)), Cuts.best(equal(10), weights, threeOnTheFirst));
    Cuts.Fits threeOnEach = (_, from, to) -> to - from <= 3;
    assertEquals(Optional.empty(), Cuts.best(equal(10), weights, threeOnEach));
  }
}
