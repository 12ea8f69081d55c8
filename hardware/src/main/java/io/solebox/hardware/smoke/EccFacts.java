package io.solebox.hardware.smoke;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Metric;
import java.util.OptionalLong;

/**
 * Memory errors that a card counted between two moments.
 *
 * @param corrected empty where it does not tell
 * @param uncorrected the same
 */
public record EccFacts(OptionalLong corrected, OptionalLong uncorrected) {
  /** Between two readings of one card. */
  public static EccFacts between(DeviceReading before, DeviceReading after) {
    return new EccFacts(
        risen(before, after, Metric.ECC_CORRECTED_COUNT),
        risen(before, after, Metric.ECC_UNCORRECTED_COUNT));
  }

  private static OptionalLong risen(DeviceReading before, DeviceReading after, Metric metric) {
    return before.value(metric).isPresent() && after.value(metric).isPresent()
        ? OptionalLong.of(
            (long) (after.value(metric).getAsDouble() - before.value(metric).getAsDouble()))
        : OptionalLong.empty();
  }
}
