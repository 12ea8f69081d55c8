package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.scout.run.RunListener;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Says on stderr what a scout does, a line for each thing. */
final class RoundReport implements RunListener {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final Console console;
  private final InstantSource clock;
  private final ZoneId zone;

  RoundReport(Console console, InstantSource clock, ZoneId zone) {
    this.console = console;
    this.clock = clock;
    this.zone = zone;
  }

  private synchronized void line(String text) {
    console.errorFaint(TIME.format(clock.instant().atZone(zone)) + "  " + text);
  }

  private synchronized void loud(String text) {
    console.error(TIME.format(clock.instant().atZone(zone)) + "  " + text);
  }

  @Override
  public void asked(String market, Search search, Found found) {
    String what =
        search.site() + (search.words().isEmpty() ? "" : " '%s'".formatted(search.words()));
    switch (found) {
      case Found.Whole whole -> {
        line("%s: %d seen".formatted(what, whole.sightings().size()));
        whole.notes().forEach(note -> loud(what + ": " + note));
      }
      case Found.Part part ->
          loud("%s: %d seen, not all: %s".formatted(what, part.sightings().size(), part.reason()));
      case Found.Closed _ -> {}
    }
  }

  @Override
  public void refreshed(String market, int asked, Refreshed refreshed) {
    line("%s: %d looked at again, %d gone".formatted(market, asked, refreshed.gone().size()));
    if (refreshed.found() instanceof Found.Part part) {
      loud(market + ": " + part.reason());
    }
  }

  @Override
  public void closed(String market, String reason, String remedy) {
    loud("%s is no longer asked: %s %s".formatted(market, reason, remedy));
  }

  @Override
  public void failed(String who, RuntimeException failure) {
    loud("%s: %s It is tried again.".formatted(who, failure.getMessage()));
  }
}
