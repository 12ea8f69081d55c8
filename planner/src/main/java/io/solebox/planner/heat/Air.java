package io.solebox.planner.heat;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;

/**
 * The air that cools a machine.
 *
 * @param in its temperature where it comes in, degrees Celsius
 * @param rise by how much it may be warmer where it leaves, kelvin
 */
public record Air(Range in, Range rise) {
  /** Heat that a cubic metre takes up, in joules for a kelvin, in dry air of 20 C at sea level. */
  private static final double DENSE = 1.204 * 1005;

  /** The same in air of 30 C, 800 m above the sea. */
  private static final double THIN = 1.06 * 1005;

  private static final double CUBIC_METRES_OF_A_CFM = 1.699;

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for air that is no air, or does not get
   *     warmer
   */
  public Air {
    if (in.low() < -40 || in.high() > 60) {
      throw bad("air of %s is not what machines stand in".formatted(in.text()));
    }
    if (rise.low() <= 0) {
      throw bad("air that gets warmer by %s takes no heat away".formatted(rise.text()));
    }
  }

  private static SoleboxException bad(String why) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "air",
        "The planner cannot reckon with it: " + why + ".",
        "Give the temperature of the room and by how much the air may get warmer.");
  }

  /** Of a room, where nobody says more. */
  public static Air usual() {
    return new Air(
        new Range(20, 30, Unit.CELSIUS, "a room where people work, assumed"),
        new Range(10, 15, Unit.KELVIN, "what cases are laid out for, assumed"));
  }

  /** The same with air of another temperature. */
  public Air of(double celsius) {
    if (!Double.isFinite(celsius)) {
      throw bad("%s is no temperature".formatted(celsius));
    }
    return new Air(Range.exactly(celsius, Unit.CELSIUS, "as it was said"), rise);
  }

  /** What has to pass to take this heat away. */
  public Range cubicMetresPerHour(Range watts) {
    return new Range(
        3600 * watts.low() / (DENSE * rise.high()),
        3600 * watts.high() / (THIN * rise.low()),
        Unit.CUBIC_METRES_PER_HOUR,
        "%s in air that gets warmer by %s; a cubic metre takes up 1.07 to 1.21 kJ for a kelvin"
            .formatted(watts.text(), rise.text()));
  }

  /** The same in cubic feet a minute. */
  public Range cubicFeetPerMinute(Range watts) {
    return cubicMetresPerHour(watts)
        .map(
            each -> each / CUBIC_METRES_OF_A_CFM,
            Unit.CUBIC_FEET_PER_MINUTE,
            "1 CFM is 1.699 m3/h");
  }
}
