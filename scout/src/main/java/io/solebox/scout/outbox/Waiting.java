package io.solebox.scout.outbox;

import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** News that are in no message so far, in the tables. */
final class Waiting {
  private Waiting() {}

  private record News(String key, Kind kind, long put, long row) {}

  /** Shrinks what was muted since it was put. */
  static void dropMuted(Sql sql, Way way, Instant now) throws SQLException {
    sql.update(
        "UPDATE outbox SET state = 'muted', "
            + Outbox.BARE
            + " WHERE channel = ? AND state = 'waiting' AND "
            + Mutes.APPLIES,
        now.toEpochMilli(),
        way.channel().name(),
        0,
        now.toEpochMilli());
  }

  /** The oldest that may be told now, at most as many as a message holds, by their keys. */
  static List<String> due(Sql sql, Way way, Instant now) throws SQLException {
    List<News> due = new ArrayList<>();
    for (News oldest : oldest(sql, way, now)) {
      Optional<Instant> last = way.calm().told(oldest.kind(), now);
      if (last.isPresent()) {
        due.addAll(until(sql, way, oldest.kind(), last.get(), now));
      }
    }
    return due.stream()
        .sorted(Comparator.comparingLong(News::put).thenComparingLong(News::row))
        .limit(way.channel().most())
        .map(News::key)
        .toList();
  }

  private static List<News> until(Sql sql, Way way, Kind kind, Instant last, Instant now)
      throws SQLException {
    return sql.list(
        row -> new News(row.getString(1), kind, row.getLong(2), row.getLong(3)),
        "SELECT news, put_at, rowid FROM outbox WHERE channel = ? AND state = 'waiting'"
            + " AND happening = ? AND put_at <= ? AND NOT "
            + Mutes.APPLIES
            + " ORDER BY put_at, rowid LIMIT ?",
        way.channel().name(),
        kind.stored(),
        last.toEpochMilli(),
        1,
        now.toEpochMilli(),
        way.channel().most());
  }

  /** Of each kind the time of the oldest. */
  private static List<News> oldest(Sql sql, Way way, Instant now) throws SQLException {
    return sql.list(
        row -> new News("", Kind.of(row.getString(1)), row.getLong(2), 0),
        "SELECT happening, MIN(put_at) FROM outbox WHERE channel = ? AND state = 'waiting'"
            + " AND NOT "
            + Mutes.APPLIES
            + " GROUP BY happening",
        way.channel().name(),
        1,
        now.toEpochMilli());
  }

  /** When something may be told or is held back no longer; empty where nothing waits. */
  static Optional<Instant> next(Sql sql, Way way, Instant now) throws SQLException {
    Optional<Instant> next = heldUntil(sql, way, now);
    for (News oldest : oldest(sql, way, now)) {
      Instant due = way.calm().due(oldest.kind(), Instant.ofEpochMilli(oldest.put()), now);
      next = earlier(next, Optional.of(due));
    }
    return next;
  }

  private static Optional<Instant> heldUntil(Sql sql, Way way, Instant now) throws SQLException {
    boolean held =
        sql.first(
                row -> row.getInt(1) > 0,
                "SELECT COUNT(*) FROM outbox WHERE channel = ? AND state = 'waiting' AND "
                    + Mutes.APPLIES,
                way.channel().name(),
                1,
                now.toEpochMilli())
            .orElseThrow();
    return held
        ? sql
            .list(
                row -> Instant.ofEpochMilli(row.getLong(1)),
                "SELECT ends FROM mute WHERE hold = 1 AND ends > ? ORDER BY ends LIMIT 1",
                now.toEpochMilli())
            .stream()
            .findFirst()
        : Optional.empty();
  }

  /** The earlier of two moments, of which each may be never. */
  static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
    if (a.isEmpty()) {
      return b;
    }
    return b.isEmpty() || a.get().isBefore(b.get()) ? a : b;
  }
}
