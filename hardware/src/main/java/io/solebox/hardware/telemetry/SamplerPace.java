package io.solebox.hardware.telemetry;

import java.time.Duration;

/**
 * When a sampler measures.
 *
 * @param interval from one snapshot to the next
 * @param patience that a snapshot has with sources that have not answered yet; shorter than the
 *     interval
 * @param firstPatience of the first snapshot
 * @param search from one look for new sensors to the next
 */
public record SamplerPace(
    Duration interval, Duration patience, Duration firstPatience, Duration search) {
  /** Snapshots at an interval, of which the first waits a little for all sources to begin. */
  public static SamplerPace every(Duration interval) {
    return new SamplerPace(
        interval, interval.dividedBy(2), Duration.ofSeconds(3), Duration.ofMinutes(1));
  }
}
