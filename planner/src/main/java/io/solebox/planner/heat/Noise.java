package io.solebox.planner.heat;

import java.util.Locale;

/**
 * How loud a machine is about, by the air that has to pass. A rule of thumb and no measure: slow
 * fans of 120 mm move some 50 to 60 cubic metres an hour each through a case, and three of them are
 * what most cases have; passive cards need fans with pressure, which nobody works beside.
 */
public enum Noise {
  /** One slow fan, or none. */
  QUIET("quiet: one slow fan does it"),
  /** Two or three slow fans. */
  AUDIBLE("audible: two or three fans of 120 mm at an easy pace"),
  /** The same at full speed. */
  LOUD("loud: fans at full speed, not beside a desk"),
  /** More than a case moves. */
  SERVER_ROOM("for a room of its own: fans of a server");

  private static final double ONE_FAN = 55;
  private static final double EASY = 3 * ONE_FAN;
  private static final double FULL = 3 * 140;

  private final String words;

  Noise(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** For programs. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Noise of(double cubicMetresPerHour) {
    if (cubicMetresPerHour <= ONE_FAN) {
      return QUIET;
    }
    if (cubicMetresPerHour <= EASY) {
      return AUDIBLE;
    }
    return cubicMetresPerHour <= FULL ? LOUD : SERVER_ROOM;
  }
}
