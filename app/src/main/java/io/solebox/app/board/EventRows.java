package io.solebox.app.board;

import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Events for people. A board has no clock: the time of day is worked out of how long it is up. */
final class EventRows {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private EventRows() {}

  static List<List<String>> of(List<BoardEvent> events, BoardStatus status, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NUMBER", "TIME", "WHAT", "WHY"));
    for (BoardEvent each : events) {
      rows.add(
          List.of(
              Long.toString(each.number()),
              at(each, status, now)
                  .map(time -> TIME.format(time.atZone(ZoneId.systemDefault())))
                  .orElseGet(() -> sinceStart(each)),
              each.from() == each.to()
                  ? each.to().word()
                  : each.from().word() + " → " + each.to().word(),
              Words.reason(each)));
    }
    return rows;
  }

  /** Empty for events of an earlier start, whose beginning nobody knows. */
  static Optional<Instant> at(BoardEvent event, BoardStatus status, Instant now) {
    return event.boot() == status.boot()
        ? Optional.of(now.minus(status.uptime()).plus(event.at()))
        : Optional.empty();
  }

  private static String sinceStart(BoardEvent event) {
    return "boot %d, after %s".formatted(event.boot(), Words.time(event.at()));
  }
}
