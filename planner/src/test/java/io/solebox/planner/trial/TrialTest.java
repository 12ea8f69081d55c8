package io.solebox.planner.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.model.PlannedModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrialTest {
  private static final long MODEL = 1_300_000_000;

  /** Caches would answer for a smaller one. */
  @ParameterizedTest
  @EnumSource(names = {"F16", "Q8_0", "Q4_K", "Q4_0"})
  void readsAsMuchAsTheModelInItsFormat(TensorType type) {
    PlannedModel trial = Trial.model(type, MODEL);
    long bytes = trial.outline().info().fileBytes();
    long layer = Trial.model(type, 1).outline().info().fileBytes();
    assertEquals(MODEL, bytes, layer, "bytes");
    assertEquals(List.of(type), trial.decidingTypes());
  }

  @Test
  void aRangeIsWhatHalfOfTheRoundsLieInAndATenthAtLeast() {
    Range steady = Samples.of(100, 101, 99, 100, 100, 5, 100, 100, 400).range(Unit.TOKENS);
    assertEquals(90, steady.low(), 1e-9);
    assertEquals(110, steady.high(), 1e-9);
    Range restless = Samples.of(60, 70, 80, 100, 120, 130, 140, 61, 141).range(Unit.TOKENS);
    assertEquals(100 - 30, restless.low(), 1e-9);
    assertEquals(100 + 30, restless.high(), 1e-9);
  }
}
