package io.solebox.hardware.guard;

import java.time.Duration;
import java.util.Map;

/**
 * What is measured of one device.
 *
 * @param device a name that stays its own, as its PCI address
 * @param name for people
 * @param limits of this card
 * @param measured what its sensors said last; a sensor that the device does not have, or that does
 *     not answer, is left out
 */
public record Vitals(String device, String name, Limits limits, Map<Sensor, Measured> measured) {
  /**
   * @param value in the sensor's unit
   * @param age since it was measured
   */
  public record Measured(double value, Duration age) {}

  public Vitals {
    measured = Map.copyOf(measured);
  }
}
