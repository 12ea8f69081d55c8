package io.solebox.scout.settings;

import io.solebox.scout.outbox.Calm;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What holds for all of the scout.
 *
 * @param country where the buyer lives, a code as in ISO 3166
 * @param currency of amounts that name none, a code as in ISO 4217
 * @param every from one time that feeds and shops are asked to the next, where they say nothing
 * @param calm when channels are told that say nothing of it themselves
 * @param box which the cards are for, as {@code solebox plan} takes it; empty where nobody said
 */
public record General(
    Optional<String> country,
    Optional<String> currency,
    Duration every,
    Calm calm,
    Optional<OwnBox> box) {
  /** In which hours of the day are meant. */
  public ZoneId zone() {
    return calm.zone();
  }

  /**
   * A machine by the names of the planner's tables.
   *
   * @param host a board, a system on a chip, or {@code PC}
   */
  public record OwnBox(
      String host, Optional<String> slot, Optional<String> supply, Optional<String> cooling) {}
}
