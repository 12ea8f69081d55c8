package io.solebox.hardware.nvml;

import java.util.List;

/**
 * What GPUs can be told. Each answer comes within a deadline, whatever the GPU does. All that
 * changes something needs root, and is lost when the driver is loaded again. Safe for many threads.
 */
public interface GpuControl {
  /**
   * What a power limit may be.
   *
   * @param currentMilliwatts in force
   * @param minMilliwatts lowest that may be set
   * @param maxMilliwatts highest that may be set
   * @param defaultMilliwatts after a start of the driver
   */
  record PowerLimits(
      int currentMilliwatts, int minMilliwatts, int maxMilliwatts, int defaultMilliwatts) {}

  /** Another number once NVML was begun anew: what was told before may be forgotten. */
  int generation();

  /** The power limit and its bounds; refused by cards that have none. */
  Outcome<PowerLimits> powerLimits(String uuid);

  /** Sets the power limit. */
  Outcome<Void> setPowerLimit(String uuid, int milliwatts);

  /**
   * Clocks of the multiprocessors, in MHz, that the card has at its highest memory clock, falling.
   */
  Outcome<List<Integer>> supportedSmMegahertz(String uuid);

  /** Keeps the clocks of the multiprocessors within bounds; Volta and later. */
  Outcome<Void> lockSmClocks(String uuid, int minMegahertz, int maxMegahertz);

  /** Lets them go. */
  Outcome<Void> resetSmClocks(String uuid);

  /** What the clock of the multiprocessors is now, in MHz; the only reading back of a lock. */
  Outcome<Integer> smMegahertz(String uuid);
}
