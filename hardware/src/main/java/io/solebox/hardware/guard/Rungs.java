package io.solebox.hardware.guard;

import java.time.Duration;
import java.util.List;

/** The rungs of each ladder, of one card. */
final class Rungs {
  private final GuardSettings settings;
  private final Limits limits;

  Rungs(GuardSettings settings, Limits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  List<Rung> core() {
    GuardSettings.CoreMargins margins = settings.core();
    double cooler = settings.cooler();
    double slowdown = limits.slowdown().orElse(settings.usual().slowdown()) - cooler;
    double pause = slowdown - margins.pauseBelowSlowdown();
    double operating = limits.maxOperating().orElse(settings.usual().maxOperating()) - cooler;
    double slow = Math.min(operating, pause);
    double shutdown =
        Math.max(limits.shutdown().orElse(settings.usual().shutdown()) - cooler, slowdown);
    double stop = Math.min(slowdown + margins.stopAboveSlowdown(), shutdown);
    double back = margins.back();
    return List.of(
        rung(Level.WARN, slow - margins.warnBelowMax(), back, settings.rise()),
        rung(Level.SLOW, slow, back, settings.rise()),
        rung(Level.PAUSED, pause, back, settings.rise()),
        rung(Level.STOPPED, stop, back, Duration.ZERO),
        rung(Level.CUT, shutdown, back, settings.cutAfter()));
  }

  List<Rung> memory() {
    GuardSettings.MemoryMargins margins = settings.memory();
    double max = limits.memoryMax().orElse(settings.usual().memoryMax()) - settings.cooler();
    double back = margins.back();
    return List.of(
        rung(Level.WARN, max - margins.warnBelow(), back, settings.rise()),
        rung(Level.SLOW, max - margins.slowBelow(), back, settings.rise()),
        rung(Level.PAUSED, max, back, settings.rise()),
        rung(Level.STOPPED, max + margins.stopAbove(), back, Duration.ZERO),
        rung(Level.CUT, max + margins.cutAbove(), back, settings.cutAfter()));
  }

  /** Of watts; none where nobody knows what the card may draw. */
  List<Rung> power() {
    if (limits.watts().isEmpty()) {
      return List.of();
    }
    GuardSettings.PowerShares shares = settings.power();
    double watts = limits.watts().getAsDouble();
    double back = shares.back() * watts;
    return List.of(
        rung(Level.WARN, shares.warn() * watts, back, shares.rise()),
        rung(Level.SLOW, shares.slow() * watts, back, shares.rise()),
        rung(Level.PAUSED, shares.pause() * watts, back, shares.rise()),
        rung(Level.STOPPED, shares.stop() * watts, back, shares.rise()));
  }

  /** Of the drive that a fan is given which stands still. */
  List<Rung> deadFan() {
    double duty = settings.fanDuty();
    return List.of(
        rung(Level.WARN, duty, 0, settings.rise()),
        rung(Level.PAUSED, duty, 0, settings.fanPatience()));
  }

  /** Of the seconds that a sensor has said nothing; it is hot as far as anybody knows. */
  List<Rung> silence() {
    double deadline = settings.silence().toNanos() / 1e9;
    double stop = settings.stopAfter().toNanos() / 1e9;
    return List.of(
        rung(Level.PAUSED, deadline, 0, Duration.ZERO),
        rung(Level.STOPPED, stop, stop - deadline, Duration.ZERO));
  }

  private Rung rung(Level level, double up, double back, Duration rise) {
    return new Rung(level, up, up - back, rise, settings.fall());
  }
}
