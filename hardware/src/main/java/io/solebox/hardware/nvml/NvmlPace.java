package io.solebox.hardware.nvml;

import java.time.Duration;

/**
 * How long NVML is waited for.
 *
 * @param begin until it has opened all GPUs; seconds for each where no program keeps them open
 * @param answer to a question
 * @param firstPause after it had to be ended; twice as long after each further time
 * @param longestPause between two tries
 * @param absentPause until the library is looked for again
 */
public record NvmlPace(
    Duration begin,
    Duration answer,
    Duration firstPause,
    Duration longestPause,
    Duration absentPause) {
  /** For people. */
  public static final NvmlPace USUAL =
      new NvmlPace(
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));
}
