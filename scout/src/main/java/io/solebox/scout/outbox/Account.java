package io.solebox.scout.outbox;

import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * How it stands with one channel, as the tables have it.
 *
 * @param next before which nothing is sent
 * @param tries in a row that came to nothing
 * @param isStopped whether it waits for somebody to change something
 */
record Account(Instant next, int tries, boolean isStopped) {
  private static final Account NEW = new Account(Instant.EPOCH, 0, false);

  /** No channel is left alone for longer; a time further away comes of a clock that was set. */
  private static final Duration LONGEST = Duration.ofDays(1);

  static Account of(Sql sql, Way way, Instant now) throws SQLException {
    return sql.first(
            row ->
                new Account(
                    sane(Instant.ofEpochMilli(row.getLong(1)), now),
                    row.getInt(2),
                    row.getString(3).equals(way.settings())),
            "SELECT next_at, tries, stopped FROM outbox_channel WHERE channel = ?",
            way.channel().name())
        .orElse(NEW);
  }

  private static Instant sane(Instant next, Instant now) {
    return next.isAfter(now.plus(LONGEST)) ? now : next;
  }

  static void accepted(Sql sql, Way way, Instant now, Duration pause) throws SQLException {
    write(sql, way, now, now.plus(bounded(pause)), 0, "");
    sql.update(
        "UPDATE outbox_channel SET accepted_at = ? WHERE channel = ?",
        now.toEpochMilli(),
        way.channel().name());
  }

  /** After a message that never will be taken; the channel is there. */
  static void refused(Sql sql, Way way, Instant now, String reason) throws SQLException {
    write(sql, way, now, now, 0, reason);
  }

  static void later(Sql sql, Way way, Instant now, Duration pause, String reason)
      throws SQLException {
    write(sql, way, now, now.plus(bounded(pause)), of(sql, way, now).tries() + 1, reason);
  }

  static void stopped(Sql sql, Way way, Instant now, String reason, String remedy)
      throws SQLException {
    write(sql, way, now, now, 0, reason);
    sql.update(
        "UPDATE outbox_channel SET stopped = ?, remedy = ? WHERE channel = ?",
        way.settings(),
        remedy,
        way.channel().name());
  }

  /** Lets a channel go that was stopped while its settings were others. */
  static void settle(Sql sql, Way way) throws SQLException {
    sql.update(
        "UPDATE outbox_channel SET stopped = '', remedy = '', problem = '', next_at = 0, tries = 0"
            + " WHERE channel = ? AND stopped <> '' AND stopped <> ?",
        way.channel().name(),
        way.settings());
  }

  private static void write(Sql sql, Way way, Instant now, Instant next, int tries, String problem)
      throws SQLException {
    sql.update(
        "INSERT INTO outbox_channel (channel, next_at, tries, problem, stopped, remedy,"
            + " changed_at, accepted_at) VALUES (?, ?, ?, ?, '', '', ?, 0)"
            + " ON CONFLICT (channel) DO UPDATE SET next_at = excluded.next_at,"
            + " tries = excluded.tries, problem = excluded.problem, stopped = '', remedy = '',"
            + " changed_at = excluded.changed_at",
        way.channel().name(),
        next.toEpochMilli(),
        tries,
        problem,
        now.toEpochMilli());
  }

  private static Duration bounded(Duration pause) {
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}
