package io.solebox.hardware.power;

import io.solebox.hardware.nvml.GpuControl;
import io.solebox.hardware.nvml.Outcome;
import java.util.ArrayList;
import java.util.List;

/** One GPU that does as it is told, unless it is to disobey. */
final class FakeControl implements GpuControl {
  private static final int USUAL = 300_000;

  final List<String> told = new ArrayList<>();
  boolean hasLimit = true;
  boolean refusesLimit;
  boolean obeys = true;
  boolean root = true;
  int limit = USUAL;
  int clock = 1530;
  int ownClock = 1530;

  @Override
  public int generation() {
    return 1;
  }

  @Override
  public Outcome<PowerLimits> powerLimits(String uuid) {
    return hasLimit
        ? new Outcome.Done<>(new PowerLimits(limit, 150_000, 300_000, USUAL))
        : new Outcome.Refused<>(3, "not supported");
  }

  @Override
  public Outcome<Void> setPowerLimit(String uuid, int milliwatts) {
    if (refusesLimit) {
      return new Outcome.Refused<>(3, "not supported");
    }
    return tell("limit " + milliwatts, () -> limit = milliwatts);
  }

  @Override
  public Outcome<List<Integer>> supportedSmMegahertz(String uuid) {
    return new Outcome.Done<>(List.of(1530, 1410, 1290, 1140, 990, 840, 690, 540, 390, 240));
  }

  @Override
  public Outcome<Void> lockSmClocks(String uuid, int minMegahertz, int maxMegahertz) {
    return tell("lock " + maxMegahertz, () -> clock = maxMegahertz);
  }

  @Override
  public Outcome<Void> resetSmClocks(String uuid) {
    return tell("reset", () -> clock = ownClock);
  }

  @Override
  public Outcome<Integer> smMegahertz(String uuid) {
    return new Outcome.Done<>(clock);
  }

  /** The driver was loaded again. */
  void forget() {
    limit = USUAL;
    clock = ownClock;
  }

  private Outcome<Void> tell(String what, Runnable doing) {
    told.add(what);
    if (!root) {
      return new Outcome.Refused<>(4, "no permission");
    }
    if (obeys) {
      doing.run();
    }
    return new Outcome.Done<>(null);
  }
}
