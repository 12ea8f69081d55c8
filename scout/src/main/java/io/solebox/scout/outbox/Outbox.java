package io.solebox.scout.outbox;

import io.solebox.scout.item.StoredJson;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.notice.Told;
import io.solebox.scout.notice.Word;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * What is to be told and was not so far, on the disk. It is put there in the transaction that
 * notices it, and so is neither lost nor put twice, whenever the process ends.
 */
public final class Outbox {
  /** So long it is remembered what was told. */
  public static final Duration REMEMBERED = Duration.ofDays(400);

  /** So long news wait for a channel; older ones interest nobody, and listings are not hoarded. */
  public static final Duration WAITS = Duration.ofDays(14);

  private Outbox() {}

  /**
   * Puts news for channels; where it was put for one of them before, whatever became of it, nothing
   * is done for that one.
   *
   * @return for how many it is new
   */
  public static int put(Sql sql, Told told, Collection<String> channels) throws SQLException {
    String body = StoredJson.text(told);
    int put = 0;
    for (String channel : channels) {
      put += insert(sql, told, channel, body);
    }
    return put;
  }

  private static int insert(Sql sql, Told told, String channel, String body) throws SQLException {
    int put =
        sql.update(
            "INSERT INTO outbox (news, channel, state, put_at, waited, changed_at, happening,"
                + " body) VALUES (?, ?, 'waiting', ?, 0, ?, ?, ?) ON CONFLICT (news, channel) DO NOTHING",
            told.key(),
            channel,
            told.at().toEpochMilli(),
            told.at().toEpochMilli(),
            Kind.of(told).stored(),
            body);
    if (put == 1) {
      switch (told) {
        case Notice notice -> mark(sql, notice, channel);
        case Word _ -> {}
      }
    }
    return put;
  }

  /** By what it may be muted. */
  private static void mark(Sql sql, Notice notice, String channel) throws SQLException {
    sql.update(
        "UPDATE outbox SET item = ?, seller = ?, card = ?, watch = ?"
            + " WHERE news = ? AND channel = ?",
        Mutes.item(notice.event().sighting().key()),
        notice.event().sighting().seller().map(seller -> seller.key()).orElse(null),
        notice.judgement().card().map(card -> card.card()).orElse(null),
        notice.watch(),
        notice.key(),
        channel);
  }

  /** Deletes all that is of a seller; what is on its way does not arrive any more. */
  public static void forgetSeller(Sql sql, String sellerKey, Instant now) throws SQLException {
    sql.update(
        "UPDATE outbox SET state = 'forgotten', " + BARE + " WHERE seller = ?",
        now.toEpochMilli(),
        sellerKey);
    Mutes.unmute(sql, Mutes.Kind.SELLER, sellerKey);
  }

  /** What makes of a row a key and a time, which is its value; the state is set before it. */
  static final String BARE =
      "changed_at = ?, message = NULL, item = NULL, seller = NULL, card = NULL, watch = NULL,"
          + " body = NULL";

  /**
   * Lets go of what has waited or was remembered for long enough.
   *
   * @param passed since this was done before; neither a clock that jumps nor a scout that was away
   *     lets anything go
   */
  static void sweep(Sql sql, Instant now, Duration passed) throws SQLException {
    sql.update(
        "UPDATE outbox SET waited = waited + ? WHERE state IN ('waiting', 'bound')",
        passed.toMillis());
    sql.update(
        "UPDATE outbox SET state = 'expired', reason = 'it has waited for too long', "
            + BARE
            + " WHERE state IN ('waiting', 'bound') AND waited > ?",
        now.toEpochMilli(),
        WAITS.toMillis());
    sql.update(
        "DELETE FROM outbox WHERE state NOT IN ('waiting', 'bound') AND changed_at < ?",
        now.minus(REMEMBERED).toEpochMilli());
    Mutes.sweep(sql, now);
  }

  /** Tries a channel again that was stopped. Returns whether it was. */
  public static boolean resume(Sql sql, String channel) throws SQLException {
    return sql.update(
            "UPDATE outbox_channel SET stopped = '', remedy = '', next_at = 0, tries = 0"
                + " WHERE channel = ? AND stopped <> ''",
            channel)
        > 0;
  }
}
