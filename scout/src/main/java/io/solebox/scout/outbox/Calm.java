package io.solebox.scout.outbox;

import io.solebox.scout.story.Happening;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.Set;

/**
 * When a channel may be heard.
 *
 * @param zone in which the times of day are. A time that a change of clocks leaves out is the
 *     moment of the change; of one that comes twice a quiet time begins at the first and ends at
 *     the second, and a digest goes at the first
 * @param quiet a time without messages
 * @param digest at which all that came since the last goes together; empty for at once
 * @param atOnce what waits for neither
 */
public record Calm(
    ZoneId zone, Optional<Quiet> quiet, Optional<LocalTime> digest, Set<Happening> atOnce) {
  /** Every day; over midnight where it ends before it begins, and never where both are the same. */
  public record Quiet(LocalTime from, LocalTime to) {}

  /** Heard at any time. */
  public static final Calm NONE =
      new Calm(ZoneId.of("UTC"), Optional.empty(), Optional.empty(), Set.of());

  private static final Instant ALL = Instant.ofEpochMilli(Long.MAX_VALUE);

  public Calm {
    atOnce = Set.copyOf(atOnce);
  }

  /** What is told at {@code now} of a kind: all that was put until then; empty for nothing. */
  Optional<Instant> told(Kind kind, Instant now) {
    if (isAtOnce(kind)) {
      return Optional.of(ALL);
    }
    if (quietEnd(now).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(waitsForDigest(kind) ? lastDigest(now) : ALL);
  }

  /** The first moment from {@code now} on at which something is told that was put then. */
  Instant due(Kind kind, Instant put, Instant now) {
    if (isAtOnce(kind)) {
      return now;
    }
    Instant due = waitsForDigest(kind) && put.isAfter(lastDigest(now)) ? digestAfter(now, 0) : now;
    return quietEnd(due).orElse(due);
  }

  private boolean isAtOnce(Kind kind) {
    return kind.happening().filter(atOnce::contains).isPresent();
  }

  /** What the scout says of itself does not. */
  private boolean waitsForDigest(Kind kind) {
    return digest.isPresent() && kind.happening().isPresent();
  }

  /** When the quiet time ends that {@code now} lies in. */
  Optional<Instant> quietEnd(Instant now) {
    if (quiet.isEmpty() || quiet.get().from().equals(quiet.get().to())) {
      return Optional.empty();
    }
    LocalTime from = quiet.get().from();
    LocalTime to = quiet.get().to();
    LocalDate today = now.atZone(zone).toLocalDate();
    for (LocalDate day : new LocalDate[] {today.minusDays(1), today}) {
      Instant begin = at(day, from, false);
      Instant end = at(to.isAfter(from) ? day : day.plusDays(1), to, true);
      if (!now.isBefore(begin) && now.isBefore(end)) {
        return Optional.of(end);
      }
    }
    return Optional.empty();
  }

  private Instant lastDigest(Instant now) {
    return digestAfter(now, -1);
  }

  /**
   * Digests about a moment.
   *
   * @param which 0 for the first after it, -1 for the one before that, ...
   */
  private Instant digestAfter(Instant now, int which) {
    LocalDate today = now.atZone(zone).toLocalDate();
    LocalDate first =
        at(today, digest.orElseThrow(), false).isAfter(now) ? today : today.plusDays(1);
    return at(first.plusDays(which), digest.get(), false);
  }

  private Instant at(LocalDate day, LocalTime time, boolean second) {
    LocalDateTime wanted = LocalDateTime.of(day, time);
    ZoneOffsetTransition change = zone.getRules().getTransition(wanted);
    if (change == null) {
      return wanted.atZone(zone).toInstant();
    }
    if (change.isGap()) {
      return change.getInstant();
    }
    return wanted.toInstant(second ? change.getOffsetAfter() : change.getOffsetBefore());
  }
}
