package io.solebox.hardware.smoke;

import io.solebox.hardware.table.Sourced;
import java.util.Optional;

/** What a figure is held against. */
public sealed interface Expectation {
  /**
   * A number.
   *
   * @param value in the figure's unit
   * @param source how it was worked out, and from what
   */
  record Value(double value, String source) implements Expectation {}

  /** Nothing, and why. */
  record Nothing(String why) implements Expectation {}

  /** What a table has, in another unit. */
  static Expectation of(Optional<Sourced> cell, double unit, String otherwise) {
    return cell.<Expectation>map(known -> new Value(known.value() * unit, known.source()))
        .orElseGet(() -> new Nothing(otherwise));
  }
}
