package io.solebox.app.console;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as people read them. */
public final class Dates {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private Dates() {}

  /** In this machine's zone. */
  public static String minute(Instant instant) {
    return MINUTE.format(instant.atZone(ZoneId.systemDefault()));
  }
}
