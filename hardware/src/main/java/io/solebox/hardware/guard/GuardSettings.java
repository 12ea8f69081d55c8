package io.solebox.hardware.guard;

import java.time.Duration;

/**
 * All numbers of the guard. Temperatures are relative to what the card itself bears, since that
 * differs: a V100 slows itself down at 87 °C and bears 85 °C in its memory, an A100 89 and 95 (both
 * print that in {@code nvidia-smi -q}).
 *
 * @param core levels by the core's temperature
 * @param memory levels by the temperature of the card's memory
 * @param usual what is taken for a card that says nothing and is in no table
 * @param power levels by the share of what the card may draw, 1 being all of it
 * @param fanDuty percent of drive above which a fan that stands still is a dead fan
 * @param fanPatience how long it has to stand still before nothing new is begun: some start slowly
 * @param silence after which a sensor that answered before counts as hot
 * @param stopAfter silence after which the device is to be idle
 * @param rise how long a value has to stay up there, so that one wrong reading does nothing; the
 *     level that stops does not wait
 * @param fall how long a value has to stay down before a level is left
 * @param cutAfter how long the temperature at which the card turns itself off has to last before
 *     the machine loses its power, because the card did not
 * @param cooler degrees by which every temperature counts as higher than it is
 */
public record GuardSettings(
    CoreMargins core,
    MemoryMargins memory,
    Usual usual,
    PowerShares power,
    double fanDuty,
    Duration fanPatience,
    Duration silence,
    Duration stopAfter,
    Duration rise,
    Duration fall,
    Duration cutAfter,
    double cooler) {
  /**
   * @param warnBelowMax degrees below the highest operating temperature, at which it slows down
   * @param pauseBelowSlowdown degrees below the card's own slowdown
   * @param stopAboveSlowdown degrees above it
   * @param back degrees by which a threshold has to be undercut before its level is left
   */
  public record CoreMargins(
      double warnBelowMax, double pauseBelowSlowdown, double stopAboveSlowdown, double back) {}

  /**
   * All relative to the highest temperature that the memory bears, at which work pauses.
   *
   * @param back as of the core
   */
  public record MemoryMargins(
      double warnBelow, double slowBelow, double stopAbove, double cutAbove, double back) {}

  /** Degrees Celsius. */
  public record Usual(double maxOperating, double slowdown, double shutdown, double memoryMax) {}

  /**
   * @param back the share by which a threshold has to be undercut
   * @param rise how long; longer than a peak, which averages of a second still show
   */
  public record PowerShares(
      double warn, double slow, double pause, double stop, double back, Duration rise) {}

  /**
   * The usual margins. They keep below what the driver does itself: slowing down at GPU_MAX (V100
   * 83, A100 85 °C), nothing new 1 °C below the card's own slowdown, idle between that and its
   * shutdown (3 °C further on both). The memory of both has no second line of its own, so work
   * pauses at MEM_MAX. Unknown cards are taken for a V100, the most delicate one in the table. A
   * fan that stands still above a fifth of its drive is dead: below that many stand by design.
   */
  public static final GuardSettings DEFAULTS =
      new GuardSettings(
          new CoreMargins(3, 1, 1, 3),
          new MemoryMargins(7, 3, 3, 10, 3),
          new Usual(83, 87, 90, 85),
          new PowerShares(1.02, 1.05, 1.15, 1.3, 0.05, Duration.ofSeconds(5)),
          20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          0);
}
