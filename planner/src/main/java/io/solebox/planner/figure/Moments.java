package io.solebox.planner.figure;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** When something was measured, for people. */
public final class Moments {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Moments() {}

  /** As in {@code 2026-11-30 21:20 UTC}. */
  public static String text(Instant at) {
    return MINUTE.format(at);
  }
}
