package io.solebox.app.bench;

import io.solebox.app.session.Session;
import io.solebox.engine.backend.Yardstick.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The read bandwidth before and after a run; empty on a device that has no such measure. */
record Around(OptionalDouble before, OptionalDouble after) {
  /**
   * Bandwidths before and after that differ by more make a repetition void: a neighbour is busy.
   */
  private static final double VOID_DIFFERENCE = 0.15;

  /** What it is now. */
  static OptionalDouble read(Session session) {
    return Yardsticks.measure(session.yardsticks(), EnumSet.of(Kind.READ_BANDWIDTH))
        .of(Kind.READ_BANDWIDTH);
  }

  /** Whether it was about the same. */
  boolean held() {
    if (before.isEmpty() || after.isEmpty()) {
      return true;
    }
    double difference = Math.abs(before.getAsDouble() - after.getAsDouble());
    return difference <= VOID_DIFFERENCE * Math.max(before.getAsDouble(), after.getAsDouble());
  }

  /** Those that there are. */
  List<Double> values() {
    return Stream.of(before, after).flatMap(each -> each.stream().boxed()).toList();
  }

  OptionalDouble mean() {
    return values().stream().mapToDouble(Double::doubleValue).average();
  }
}
