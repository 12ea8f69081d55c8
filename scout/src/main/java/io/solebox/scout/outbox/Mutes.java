package io.solebox.scout.outbox;

import io.solebox.scout.item.ItemKey;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What somebody wants to hear nothing of, or only later. */
public final class Mutes {
  private Mutes() {}

  /** What is muted. */
  public enum Kind {
    ITEM,
    /** By its key, which is no name. */
    SELLER,
    CARD,
    WATCH;

    String stored() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One wish.
   *
   * @param target as of {@link #item}, or a key of a seller, or a name
   * @param hold whether what happens is told when it ends; otherwise it is never told
   * @param ends empty for never
   */
  public record Mute(Kind kind, String target, boolean hold, Optional<Instant> ends) {}

  /** The target that stands for a thing. */
  public static String item(ItemKey key) {
    return key.market() + "\n" + key.id() + "\n" + key.variation();
  }

  /** Tells nothing of it any more. */
  public static void mute(Sql sql, Kind kind, String target, Instant now) throws SQLException {
    write(sql, new Mute(kind, target, false, Optional.empty()), now);
  }

  /** Tells nothing of what happens to it until a time. */
  public static void muteUntil(Sql sql, Kind kind, String target, Instant ends, Instant now)
      throws SQLException {
    write(sql, new Mute(kind, target, false, Optional.of(ends)), now);
  }

  /** Keeps what happens to it back until a time, and tells it then. */
  public static void snooze(Sql sql, Kind kind, String target, Instant ends, Instant now)
      throws SQLException {
    write(sql, new Mute(kind, target, true, Optional.of(ends)), now);
  }

  /** Writes a wish as it is; it takes the place of one for the same target. */
  public static void write(Sql sql, Mute mute, Instant now) throws SQLException {
    sql.update(
        "INSERT INTO mute (kind, target, hold, ends, made_at) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (kind, target) DO UPDATE SET hold = excluded.hold,"
            + " ends = excluded.ends, made_at = excluded.made_at",
        mute.kind().stored(),
        mute.target(),
        mute.hold() ? 1 : 0,
        mute.ends().map(Instant::toEpochMilli).orElse(null),
        now.toEpochMilli());
  }

  /** Returns whether there was one. */
  public static boolean unmute(Sql sql, Kind kind, String target) throws SQLException {
    return sql.update("DELETE FROM mute WHERE kind = ? AND target = ?", kind.stored(), target) > 0;
  }

  /** Those that hold at a moment, in the order in which they were made. */
  public static List<Mute> list(Sql sql, Instant now) throws SQLException {
    return sql.list(
        row ->
            new Mute(
                Kind.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                row.getString(2),
                row.getInt(3) == 1,
                Optional.of(row.getLong(4))
                    .filter(ends -> ends != NEVER)
                    .map(Instant::ofEpochMilli)),
        "SELECT kind, target, hold, COALESCE(ends, ?) FROM mute WHERE ends IS NULL OR ends > ?"
            + " ORDER BY made_at, rowid",
        NEVER,
        now.toEpochMilli());
  }

  private static final long NEVER = Long.MAX_VALUE;

  /** Deletes those that have ended. */
  static void sweep(Sql sql, Instant now) throws SQLException {
    sql.update("DELETE FROM mute WHERE ends <= ?", now.toEpochMilli());
  }

  /**
   * A condition on rows of {@code outbox} with two values, {@code hold} and the time in
   * milliseconds.
   */
  static final String APPLIES =
      "EXISTS (SELECT 1 FROM mute WHERE hold = ? AND (ends IS NULL OR ends > ?)"
          + " AND ((kind = 'item' AND target = outbox.item)"
          + " OR (kind = 'seller' AND target = outbox.seller)"
          + " OR (kind = 'card' AND target = outbox.card)"
          + " OR (kind = 'watch' AND target = outbox.watch)))";
}
