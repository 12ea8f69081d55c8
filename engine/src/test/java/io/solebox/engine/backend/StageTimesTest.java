package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** In how many steps next ids come soonest. */
class StageTimesTest {
  private static final int SEQUENCES = 8;

  /** What is found when steps are made as it says, after they were tried. */
  private static int found(IntToDoubleFunction... micros) {
    var times = new StageTimes(micros.length);
    int steps = 1;
    for (int round = 0; round < 40; round++) {
      steps = times.steps(SEQUENCES);
      int each = Math.ceilDiv(SEQUENCES, steps);
      for (int stage = 0; stage < micros.length; stage++) {
        times.ran(stage, each, (long) (1e3 * micros[stage].applyAsDouble(each)));
      }
    }
    return steps;
  }

  @Test
  void whereWeightsAreAllThatIsReadAllReadThemTogether() {
    assertEquals(1, found(_ -> 100, _ -> 100));
    assertEquals(1, found(_ -> 100, _ -> 100, _ -> 100, _ -> 100));
  }

  @Test
  void whereEachSequenceTakesItsTimeTheStagesShareThem() {
    assertEquals(2, found(n -> 20 + 40 * n, n -> 20 + 40 * n));
    assertEquals(4, found(n -> 50 * n, n -> 50 * n, n -> 50 * n, n -> 50 * n));
  }

  @Test
  void whereOneStageTakesNearlyAllNobodyIsHeldUpForTheOther() {
    assertEquals(1, found(_ -> 100, n -> 1 + n));
  }

  @Test
  void whatChangesIsFoundAgain() {
    var times = new StageTimes(2);
    for (int i = 0; i < 2000; i++) {
      int each = Math.ceilDiv(SEQUENCES, times.steps(SEQUENCES));
      long nanos = i < 500 ? 100 : 100L * each;
      times.ran(0, each, nanos);
      times.ran(1, each, nanos);
    }
    assertEquals(2, times.steps(SEQUENCES));
  }

  @Test
  void oneSequenceIsInOneStep() {
    assertEquals(1, new StageTimes(4).steps(1));
    assertEquals(1, new StageTimes(4).steps(0));
  }
}
