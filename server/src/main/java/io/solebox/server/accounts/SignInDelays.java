package io.solebox.server.accounts;

import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Makes guessing slow: after a few failures each further try at one account, or from one address,
 * has to wait for twice as long as the one before, up to a few minutes, so that nobody is locked
 * out for good. Kept, so that a restart begins nothing anew. Safe for many threads and processes.
 */
final class SignInDelays {
  /** After so much peace all is forgotten. */
  private static final Duration FORGOTTEN = Duration.ofDays(1);

  private final Database database;
  private final Clock clock;

  SignInDelays(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * What tries count for.
   *
   * @param subject account or address
   * @param free failures without a delay
   * @param longest delay
   */
  private record Bound(String subject, int free, Duration longest) {
    /** By a digest: people type passwords where their name belongs. */
    static Bound account(String name) {
      return new Bound("account " + Secrets.digest(Names.folded(name)), 3, Duration.ofMinutes(1));
    }

    static Bound address(String address) {
      return new Bound("address " + network(address), 10, Duration.ofMinutes(15));
    }

    /** Of IPv6 the network: whoever has one has 2^64 addresses in it. */
    private static String network(String address) {
      String[] parts = address.split("[:%]");
      return address.contains(":") && parts.length >= 8
          ? String.join(":", List.of(parts).subList(0, 4))
          : address;
    }

    long delaySeconds(int failures) {
      if (failures <= free) {
        return 0;
      }
      return Math.min(longest.toSeconds(), 1L << Math.min(30, failures - free - 1));
    }
  }

  private record Row(int failures, long notBefore) {}

  /** A try that was let through. */
  final class Try {
    private final List<Bound> bounds;

    private Try(List<Bound> bounds) {
      this.bounds = bounds;
    }

    /** It was no guess: the account begins anew, and the address has made no failure. */
    void succeeded(Sql sql) throws SQLException {
      sql.update("DELETE FROM sign_in_delay WHERE subject = ?", bounds.getFirst().subject());
      halfway(sql);
    }

    /** It was no guess so far, but more is to be guessed: the address alone has made no failure. */
    void halfway(Sql sql) throws SQLException {
      for (Bound bound : bounds.subList(1, bounds.size())) {
        sql.update(
            "UPDATE sign_in_delay SET failures = failures - 1, not_before = 0 WHERE subject = ?"
                + " AND failures > 0",
            bound.subject());
      }
    }
  }

  /** What became of a try. */
  sealed interface Outcome {
    record Goes(Try attempt) implements Outcome {}

    record Waits(Duration time) implements Outcome {}
  }

  /**
   * Counts a try as failed until it says otherwise, so that many at once are no way around.
   *
   * @param name as it was typed, of an account or of none
   */
  Outcome begin(String name, String address) {
    List<Bound> bounds = List.of(Bound.account(name), Bound.address(address));
    return database.transaction(sql -> begin(sql, bounds));
  }

  /** The same for codes, which belong to no account that anybody could name. */
  Outcome beginCode(String address) {
    List<Bound> bounds =
        List.of(
            new Bound("code " + Bound.address(address).subject(), 5, Duration.ofMinutes(15)),
            Bound.address(address));
    return database.transaction(sql -> begin(sql, bounds));
  }

  private Outcome begin(Sql sql, List<Bound> bounds) throws SQLException {
    long now = clock.instant().getEpochSecond();
    sql.update("DELETE FROM sign_in_delay WHERE last_try < ?", now - FORGOTTEN.toSeconds());
    long wait = 0;
    for (Bound bound : bounds) {
      wait = Math.max(wait, row(sql, bound).map(Row::notBefore).orElse(0L) - now);
    }
    if (wait > 0) {
      return new Outcome.Waits(Duration.ofSeconds(wait));
    }
    for (Bound bound : bounds) {
      int failures = row(sql, bound).map(Row::failures).orElse(0) + 1;
      sql.update("DELETE FROM sign_in_delay WHERE subject = ?", bound.subject());
      sql.update(
          "INSERT INTO sign_in_delay (subject, failures, last_try, not_before) VALUES (?, ?, ?, ?)",
          bound.subject(),
          failures,
          now,
          now + bound.delaySeconds(failures));
    }
    return new Outcome.Goes(new Try(bounds));
  }

  private static Optional<Row> row(Sql sql, Bound bound) throws SQLException {
    return sql.first(
        row -> new Row(row.getInt(1), row.getLong(2)),
        "SELECT failures, not_before FROM sign_in_delay WHERE subject = ?",
        bound.subject());
  }
}
