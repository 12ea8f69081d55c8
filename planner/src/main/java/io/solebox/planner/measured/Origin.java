package io.solebox.planner.measured;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where a measured figure comes from.
 *
 * @param where for people, as in {@code this machine}
 * @param by the command that measured
 */
public record Origin(Instant at, String where, String by) {
  /** What {@code where} is of all that was not measured elsewhere. */
  public static final String HERE = "this machine";

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** As in {@code 2026-11-30 21:20 UTC}. */
  public static String moment(Instant at) {
    return MINUTE.format(at);
  }

  /** As in {@code measured on this machine at 2026-11-30 21:20 UTC by 'solebox bench'}. */
  public String words() {
    return "measured on %s at %s by '%s'".formatted(where, moment(at), by);
  }
}
