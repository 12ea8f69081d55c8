package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.graph.ExpertOp.Routing;
import io.solebox.engine.graph.ExpertOp.Scoring;
import io.solebox.engine.graph.Weight;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ExpertOp.Route}: which experts a token takes. */
public interface RouteConformance extends BackendUnderTest {
  /** Shares of experts that are nearly nobody's are small numbers beside large ones. */
  double SHARE = 1e-5;

  private void check(Routing routing, Weight logits, Optional<Weight> bias) {
    check(routing, logits, bias, Optional.empty());
  }

  private void check(
      Routing routing, Weight logits, Optional<Weight> bias, Optional<Weight> scale) {
    int tokens = logits.rows();
    int used = routing.used();
    float[][] actual =
        OneOp.run(this, tokens, 2 * used, 0, b -> b.route(b.embed(logits), bias, scale, routing));
    double[] biases = bias.map(w -> RandomTensors.values(w)[0]).orElse(new double[0]);
    for (int t = 0; t < tokens; t++) {
      double[] in = RandomTensors.values(logits)[t];
      List<ExpertTruth.Choice> expected = ExpertTruth.route(routing, in, biases);
      for (int j = 0; j < used; j++) {
        int choice = j;
        String what = routing + ", token " + t + ", choice " + j;
        assertEquals(expected.get(j).expert(), (int) actual[t][2 * j], what);
        double own =
            scale.map(w -> RandomTensors.values(w)[0][expected.get(choice).expert()]).orElse(1.0);
        double share = expected.get(j).share() * own;
        assertEquals(share, actual[t][2 * j + 1], SHARE * Math.abs(share) + 1e-30, what);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Scoring.class)
  default void choicesAndSharesEqualTruth(Scoring scoring) {
    try (Arena arena = Arena.ofShared()) {
      for (int experts : new int[] {4, 8, 33, 128, 300}) {
        var random = new RandomTensors(arena, new SplittableRandom(experts));
        Weight logits = random.gaussian("logits", 5, experts, 2);
        int used = Math.min(8, experts / 2);
        check(new Routing(scoring, used, true, 1, 1, 1), logits, Optional.empty());
        check(new Routing(scoring, used, false, 2.5f, 1, 1), logits, Optional.empty());
        check(new Routing(scoring, 1, false, 1, 1, 1), logits, Optional.empty());
      }
      var random = new RandomTensors(arena, new SplittableRandom(1));
      // Not so large that the sigmoid of two of them is 1 alike.
      Weight few = random.gaussian("logits", 3, 6, 6);
      check(new Routing(scoring, 6, true, 1, 1, 1), few, Optional.empty());
    }
  }

  /** The bias decides who is taken, and not how much; factors of experts the other way round. */
  @ParameterizedTest
  @EnumSource(Scoring.class)
  default void biasesMoveChoicesAndFactorsShares(Scoring scoring) {
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(2));
      Weight logits = random.gaussian("logits", 9, 32, 1);
      Weight bias = random.gaussian("bias", 1, 32, 0.5);
      check(new Routing(scoring, 4, true, 2.5f, 1, 1), logits, Optional.of(bias));
      check(new Routing(scoring, 4, false, 1, 1, 1), logits, Optional.of(bias));
      Weight scale = random.gaussian("scale", 1, 32, 3);
      var routing = new Routing(scoring, 4, true, 2.5f, 1, 1);
      check(routing, logits, Optional.of(bias), Optional.of(scale));
      check(routing, logits, Optional.empty(), Optional.of(scale));
    }
  }

  @ParameterizedTest
  @CsvSource({"32, 8, 4, 6", "32, 8, 1, 3", "12, 4, 2, 2", "8, 8, 3, 3", "256, 8, 4, 8"})
  default void onlyTheBestGroupsAreChosenFrom(int experts, int groups, int usedGroups, int used) {
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(experts));
      Weight logits = random.gaussian("logits", 9, experts, 1);
      Weight bias = random.gaussian("bias", 1, experts, 0.3);
      var routing = new Routing(Scoring.SIGMOID, used, true, 2.5f, groups, usedGroups);
      check(routing, logits, Optional.of(bias));
      check(routing, logits, Optional.empty());
      for (int best = 1; best <= 2; best++) {
        check(
            new Routing(Scoring.SOFTMAX, used, false, 1, groups, usedGroups, best),
            logits,
            Optional.empty());
      }
    }
  }

  /** Ties go to the lower number, also between groups. */
  @ParameterizedTest
  @EnumSource(Scoring.class)
  default void tiesGoToTheLowerNumber(Scoring scoring) {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(3);
      var tensors = new RandomTensors(arena, random);
      Weight same = tensors.floats("logits", 2, 40, () -> 0.5);
      check(new Routing(scoring, 5, true, 1, 1, 1), same, Optional.empty());
      check(new Routing(scoring, 5, true, 1, 8, 3), same, Optional.empty());
      Weight two = tensors.floats("logits", 6, 40, () -> random.nextInt(2));
      check(new Routing(scoring, 7, false, 1, 1, 1), two, Optional.empty());
      check(new Routing(scoring, 7, false, 1, 4, 2), two, Optional.empty());
    }
  }

  @Test
  default void extremeLogitsGiveNumbers() {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(4);
      var tensors = new RandomTensors(arena, random);
      Weight logits = tensors.floats("logits", 5, 16, () -> random.nextInt(9) * 40.0 - 160);
      for (Scoring scoring : List.of(Scoring.SOFTMAX, Scoring.SOFTMAX_OF_CHOSEN)) {
        check(new Routing(scoring, 3, true, 1, 1, 1), logits, Optional.empty());
      }
    }
  }
}
