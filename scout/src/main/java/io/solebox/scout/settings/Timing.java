package io.solebox.scout.settings;

import io.solebox.scout.story.Happening;
import java.time.LocalTime;
import java.util.Optional;
import java.util.Set;

/**
 * When people want to be told.
 *
 * @param quiet nothing is sent in these hours; what happens waits for their end
 * @param digest all of a day is sent together at this time; empty for at once
 * @param atOnce what waits neither for a digest nor for the end of quiet hours
 */
public record Timing(Optional<Hours> quiet, Optional<LocalTime> digest, Set<Happening> atOnce) {
  /** From a time of the day to another, which may be one of the next day. */
  public record Hours(LocalTime from, LocalTime until) {}

  public Timing {
    atOnce = Set.copyOf(atOnce);
  }
}
