package io.solebox.hardware.telemetry;

import java.util.OptionalDouble;

/** One measured value, or why there is none. There is no number that means "not measured". */
public sealed interface Measured {
  /**
   * A value.
   *
   * @param value in the unit that its {@link Metric} names
   * @param ageMillis since it was measured; what a sensor last said is carried until it is too old
   */
  record Value(double value, long ageMillis) implements Measured {}

  /**
   * None.
   *
   * @param why in words, as in {@code the GPU does not tell it}
   */
  record Missing(String why) implements Measured {}

  /** A value that was measured just now. */
  static Measured now(double value) {
    return new Value(value, 0);
  }

  static Measured missing(String why) {
    return new Missing(why);
  }

  /** The value, where there is one. */
  default OptionalDouble asDouble() {
    return this instanceof Value(double value, long _)
        ? OptionalDouble.of(value)
        : OptionalDouble.empty();
  }
}
