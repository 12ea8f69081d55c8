package io.solebox.hardware.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Levels that follow one value. Each rung is a switch of its own with two thresholds and two times,
 * so a value that trembles at a threshold moves nothing, and one that falls leaves level by level.
 * Owned by one thread.
 */
final class Ladder {
  private final List<Step> steps = new ArrayList<>();

  Ladder(List<Rung> rungs) {
    rungs.forEach(rung -> steps.add(new Step(rung)));
  }

  /**
   * The highest rung that holds, now that the value is this.
   *
   * @param now in nanoseconds, of a clock that never goes back
   */
  Optional<Rung> follow(double value, long now) {
    steps.forEach(step -> step.follow(value, now));
    return holding();
  }

  /** The highest rung that holds. */
  Optional<Rung> holding() {
    return steps.stream()
        .filter(step -> step.holds)
        .map(step -> step.rung)
        .reduce((a, b) -> b.level().isAtLeast(a.level()) ? b : a);
  }

  private static final class Step {
    private final Rung rung;
    private boolean holds;
    private boolean turning; // beyond the threshold of the other state
    private long since; // it is

    private Step(Rung rung) {
      this.rung = rung;
    }

    private void follow(double value, long now) {
      boolean beyond = holds ? value < rung.down() : value >= rung.up();
      if (!beyond) {
        turning = false;
        return;
      }
      if (!turning) {
        turning = true;
        since = now;
      }
      long patience = (holds ? rung.fall() : rung.rise()).toNanos();
      if (now - since >= patience) {
        holds = !holds;
        turning = false;
      }
    }
  }
}
