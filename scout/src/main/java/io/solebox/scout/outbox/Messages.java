package io.solebox.scout.outbox;

import io.solebox.scout.channel.Message;
import io.solebox.scout.item.Hashes;
import io.solebox.scout.notice.Told;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Messages that were made and did not arrive so far, in the tables. */
final class Messages {
  /** After so many tries others go before it, which it might keep from arriving. */
  private static final int PATIENCE = 3;

  private Messages() {}

  private record Row(String key, int tries, boolean perhaps) {}

  /** A row of news. */
  private record News(String key, Kind kind, String body) {}

  /** Marks the message as being sent that is next, making it where it is new; empty for none. */
  static Optional<Message> begin(Sql sql, Way way, Instant now) throws SQLException {
    Optional<Row> old = old(sql, way, now);
    if (old.isPresent() && old.get().tries() < PATIENCE) {
      return begin(sql, way, old.get(), now);
    }
    List<String> waiting = Waiting.due(sql, way, now);
    if (waiting.isEmpty()) {
      return old.isPresent() ? begin(sql, way, old.get(), now) : Optional.empty();
    }
    String key = make(sql, way, waiting, false, now);
    return begin(sql, way, new Row(key, 0, false), now);
  }

  /** One that was sent before, those first that were tried the least. */
  private static Optional<Row> old(Sql sql, Way way, Instant now) throws SQLException {
    for (Row row :
        sql.list(
            row -> new Row(row.getString(1), row.getInt(2), row.getInt(3) == 1),
            "SELECT key, tries, CASE WHEN sending = 1 OR perhaps = 1 THEN 1 ELSE 0 END"
                + " FROM outbox_message WHERE channel = ?"
                + " ORDER BY CASE WHEN tries < ? THEN 0 ELSE tries END, made_at, rowid",
            way.channel().name(),
            PATIENCE)) {
      if (!due(sql, way, row.key(), now).isAfter(now)) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  private static Optional<Message> begin(Sql sql, Way way, Row row, Instant now)
      throws SQLException {
    List<Told> told = new ArrayList<>();
    for (News news : news(sql, row.key())) {
      try {
        told.add(news.kind().read(news.body()));
      } catch (IllegalArgumentException e) {
        refuse(sql, way, news.key(), "it cannot be read any more: " + e.getMessage(), now);
      }
    }
    if (told.isEmpty()) { // all of it was forgotten meanwhile
      delete(sql, row.key());
      return begin(sql, way, now);
    }
    sql.update(
        "UPDATE outbox_message SET sending = 1, perhaps = ?, tries = tries + 1 WHERE key = ?",
        row.perhaps() ? 1 : 0,
        row.key());
    return Optional.of(new Message(row.key(), told, row.perhaps()));
  }

  private static List<News> news(Sql sql, String message) throws SQLException {
    return sql.list(
        row -> new News(row.getString(1), Kind.of(row.getString(2)), row.getString(3)),
        "SELECT news, happening, body FROM outbox WHERE message = ? AND state = 'bound'"
            + " ORDER BY put_at, rowid",
        message);
  }

  private static String make(Sql sql, Way way, List<String> news, boolean perhaps, Instant now)
      throws SQLException {
    List<String> texts = new ArrayList<>(news);
    texts.addFirst(way.channel().name());
    String key = Hashes.of(texts);
    sql.update(
        "INSERT INTO outbox_message (key, channel, made_at, tries, sending, perhaps)"
            + " VALUES (?, ?, ?, 0, 0, ?)",
        key,
        way.channel().name(),
        now.toEpochMilli(),
        perhaps ? 1 : 0);
    for (String one : news) {
      sql.update(
          "UPDATE outbox SET state = 'bound', message = ? WHERE news = ? AND channel = ?",
          key,
          one,
          way.channel().name());
    }
    return key;
  }

  static void accepted(Sql sql, Message message, Instant now) throws SQLException {
    sql.update(
        "UPDATE outbox SET state = 'done', reason = NULL, " + Outbox.BARE + " WHERE message = ?",
        now.toEpochMilli(),
        message.key());
    delete(sql, message.key());
  }

  static void later(Sql sql, Message message, boolean perhapsArrived) throws SQLException {
    sql.update(
        "UPDATE outbox_message SET sending = 0, perhaps = ? WHERE key = ?",
        message.perhapsAgain() || perhapsArrived ? 1 : 0,
        message.key());
  }

  /** Halves what holds several, to find what is not taken. */
  static void refused(Sql sql, Way way, Message message, String reason, Instant now)
      throws SQLException {
    List<String> news = news(sql, message.key()).stream().map(News::key).toList();
    delete(sql, message.key());
    if (news.size() < 2) {
      for (String one : news) {
        refuse(sql, way, one, reason, now);
      }
      return;
    }
    int half = news.size() / 2;
    make(sql, way, news.subList(0, half), message.perhapsAgain(), now);
    make(sql, way, news.subList(half, news.size()), message.perhapsAgain(), now);
  }

  private static void refuse(Sql sql, Way way, String news, String reason, Instant now)
      throws SQLException {
    sql.update(
        "UPDATE outbox SET state = 'refused', reason = ?, "
            + Outbox.BARE
            + " WHERE news = ? AND channel = ?",
        reason,
        now.toEpochMilli(),
        news,
        way.channel().name());
  }

  private static void delete(Sql sql, String key) throws SQLException {
    sql.update("DELETE FROM outbox_message WHERE key = ?", key);
  }

  /** When the next of those that were made before may be sent; empty for none. */
  static Optional<Instant> due(Sql sql, Way way, Instant now) throws SQLException {
    Optional<Instant> first = Optional.empty();
    for (String key :
        sql.list(
            row -> row.getString(1),
            "SELECT key FROM outbox_message WHERE channel = ?",
            way.channel().name())) {
      first = Waiting.earlier(first, Optional.of(due(sql, way, key, now)));
    }
    return first;
  }

  /** As soon as one thing in it may be told. */
  private static Instant due(Sql sql, Way way, String key, Instant now) throws SQLException {
    return sql
        .list(
            row -> Kind.of(row.getString(1)),
            "SELECT DISTINCT happening FROM outbox WHERE message = ? AND state = 'bound'",
            key)
        .stream()
        .map(kind -> way.calm().due(kind, Instant.EPOCH, now))
        .min(Instant::compareTo)
        .orElse(now); // nothing is left in it: it goes
  }
}
