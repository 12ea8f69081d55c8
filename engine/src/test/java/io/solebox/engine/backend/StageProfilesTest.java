package io.solebox.engine.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.backend.StepProfile.Host;
import io.solebox.engine.backend.StepProfile.Phase;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Where the time of a step over several devices goes. */
class StageProfilesTest {
  private static Phase phase(String kind, int launches, long bytes, double micros) {
    return new Phase(kind, launches, bytes, micros, OptionalDouble.of(2 * micros));
  }

  private static final StepProfile FIRST =
      new StepProfile(
          90,
          List.of(phase("norm", 1, 0, 10), phase("ffn", 3, 300, 20)),
          Optional.of(new Host(1, 2, 95, 2)));
  private static final StepProfile LAST =
      new StepProfile(
          50,
          List.of(phase("ffn", 1, 100, 40), phase("head", 1, 50, 10)),
          Optional.of(new Host(1, 1, 52, 6)));

  @Test
  void kindsAreOfAllStagesAndTheWayBetweenIsWhatIsLeft() {
    StepProfile both = StageProfiles.together(List.of(FIRST, LAST), 172, 64);
    assertEquals(140, both.stepMicros());
    assertEquals(Optional.of(new Host(2, 3, 147, 8)), both.host());
    List<Phase> phases = both.phases();
    assertEquals(
        List.of("norm", "ffn", "head", "between stages"),
        phases.stream().map(Phase::kind).toList());
    assertEquals(new Phase("ffn", 4, 400, 25, OptionalDouble.of(50)), phases.get(1));
    assertEquals(new Phase("between stages", 1, 64, 12, OptionalDouble.empty()), phases.get(3));
  }

  @Test
  void aHostOfItsOwnHasNoPartOfItAndNoWayTakesLessThanNothing() {
    var cpu = new StepProfile(500, List.of(phase("ffn", 1, 10, 500)), Optional.empty());
    StepProfile three = StageProfiles.together(List.of(cpu, FIRST, LAST), 600, 64);
    assertEquals(Optional.of(new Host(2, 3, 147, 8)), three.host());
    assertEquals(
        new Phase("between stages", 2, 128, 0, OptionalDouble.empty()), three.phases().getLast());
  }
}
