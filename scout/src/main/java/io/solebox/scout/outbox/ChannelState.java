package io.solebox.scout.outbox;

import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How it stands with one channel, for people.
 *
 * @param waiting how many news are on their way to it
 * @param next before which nothing is sent; empty where it is not left alone
 * @param problem what went wrong the last time, without secrets; empty where nothing did
 * @param stopped what helps; empty where it is not stopped
 * @param accepted when it last took a message; empty for never
 * @param refused the last that it did not take and will not
 */
public record ChannelState(
    String name,
    int waiting,
    Optional<Instant> next,
    String problem,
    Optional<String> stopped,
    Optional<Instant> accepted,
    List<Refusal> refused) {
  private static final int MOST_REFUSALS = 20;

  public ChannelState {
    refused = List.copyOf(refused);
  }

  /** News that were not taken, of which nothing else is left. */
  public record Refusal(String key, Instant at, String reason) {}

  /** Of all that something was ever put for or sent to, by their names. */
  public static List<ChannelState> list(Sql sql, Instant now) throws SQLException {
    List<String> names =
        sql.list(
            row -> row.getString(1),
            "SELECT channel FROM outbox_channel UNION SELECT channel FROM outbox"
                + " ORDER BY channel");
    List<ChannelState> states = new ArrayList<>();
    for (String name : names) {
      states.add(of(sql, name, now));
    }
    return states;
  }

  /** Of one, be it known or not. */
  public static ChannelState of(Sql sql, String name, Instant now) throws SQLException {
    int waiting =
        sql.first(
                row -> row.getInt(1),
                "SELECT COUNT(*) FROM outbox WHERE channel = ? AND state IN ('waiting', 'bound')",
                name)
            .orElseThrow();
    List<Refusal> refused =
        sql.list(
            row ->
                new Refusal(
                    row.getString(1), Instant.ofEpochMilli(row.getLong(2)), row.getString(3)),
            "SELECT news, changed_at, reason FROM outbox WHERE channel = ?"
                + " AND state IN ('refused', 'expired') ORDER BY changed_at DESC, rowid DESC LIMIT ?",
            name,
            MOST_REFUSALS);
    return sql.first(
            row ->
                new ChannelState(
                    name,
                    waiting,
                    Optional.of(Instant.ofEpochMilli(row.getLong(1))).filter(now::isBefore),
                    row.getString(2),
                    row.getString(3).isEmpty() ? Optional.empty() : Optional.of(row.getString(4)),
                    Optional.of(Instant.ofEpochMilli(row.getLong(5)))
                        .filter(Instant.EPOCH::isBefore),
                    refused),
            "SELECT next_at, problem, stopped, remedy, accepted_at FROM outbox_channel"
                + " WHERE channel = ?",
            name)
        .orElse(
            new ChannelState(
                name, waiting, Optional.empty(), "", Optional.empty(), Optional.empty(), refused));
  }
}
