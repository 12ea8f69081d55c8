package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.Invitations.MadeCode;
import io.solebox.server.accounts.Invitations.OpenCode;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Codes that open something once, and for a while. Their digests are kept. */
final class Codes {
  /** What is told of a code's digest to say which it is. */
  private static final int ID_LENGTH = 16;

  private final Clock clock;

  Codes(Clock clock) {
    this.clock = clock;
  }

  /** What a code is for. */
  enum Purpose {
    /** To be the first administrator. */
    SET_UP(Duration.ofHours(1)),
    /** To have an account. */
    INVITATION(Duration.ofDays(7)),
    /** To choose another password. */
    RESET(Duration.ofHours(24)),
    /** To bring what was asked for beside the password. */
    SECOND_FACTOR(Duration.ofMinutes(5));

    private final Duration life;

    Purpose(Duration life) {
      this.life = life;
    }

    Duration life() {
      return life;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a code was made for.
   *
   * @param account whose it is, by id
   * @param name of who is invited; empty where they choose one themselves
   */
  record Meant(
      Optional<String> account,
      Optional<String> name,
      Optional<Role> role,
      Optional<String> group) {
    static final Meant NOBODY =
        new Meant(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static Meant user(String id) {
      return new Meant(Optional.of(id), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /** Makes one; those that have expired leave with it. */
  MadeCode make(Sql sql, Purpose purpose, Meant meant, Duration life) throws SQLException {
    Instant now = clock.instant();
    sql.update("DELETE FROM one_time_code WHERE expires <= ?", now.getEpochSecond());
    String code = Secrets.code();
    Instant expires = now.plus(life);
    sql.update(
        "INSERT INTO one_time_code (digest, purpose, account, name, role, user_group, created,"
            + " expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        Secrets.digest(code),
        purpose.word(),
        meant.account().orElse(null),
        meant.name().orElse(null),
        meant.role().map(Role::word).orElse(null),
        meant.group().orElse(null),
        now.getEpochSecond(),
        expires.getEpochSecond());
    return new MadeCode(code, expires);
  }

  /**
   * Uses one up.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it opens nothing
   */
  Meant take(Sql sql, Purpose purpose, String typed) throws SQLException {
    Meant meant = look(sql, purpose, typed);
    sql.update("DELETE FROM one_time_code WHERE digest = ?", digest(typed));
    return meant;
  }

  /**
   * What a code is for, which is there afterwards as before.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it opens nothing
   */
  Meant look(Sql sql, Purpose purpose, String typed) throws SQLException {
    return sql.first(
            row ->
                new Meant(
                    Optional.ofNullable(row.getString(1)),
                    Optional.ofNullable(row.getString(2)),
                    Optional.ofNullable(row.getString(3)).map(Role::of),
                    Optional.ofNullable(row.getString(4))),
            "SELECT account, name, role, user_group FROM one_time_code WHERE digest = ? AND"
                + " purpose = ? AND expires > ?",
            digest(typed),
            purpose.word(),
            clock.instant().getEpochSecond())
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "code",
                    "The code is wrong, was used, or has expired.",
                    "See how it is written, or ask for another."));
  }

  /** Those that people wait for, the oldest first. */
  List<OpenCode> open(Sql sql) throws SQLException {
    return sql.list(
        row ->
            new OpenCode(
                row.getString(1),
                row.getString(2),
                Optional.ofNullable(row.getString(3)),
                Optional.ofNullable(row.getString(4)),
                Optional.ofNullable(row.getString(5)),
                Instant.ofEpochSecond(row.getLong(6)),
                Instant.ofEpochSecond(row.getLong(7))),
        "SELECT substr(c.digest, 1, ?), c.purpose, COALESCE(c.name, a.name), c.role, c.user_group,"
            + " c.created, c.expires FROM one_time_code c LEFT JOIN account a ON a.id = c.account"
            + " WHERE c.expires > ? AND c.purpose <> ? ORDER BY c.created",
        ID_LENGTH,
        clock.instant().getEpochSecond(),
        Purpose.SECOND_FACTOR.word());
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is none
   */
  void withdraw(Sql sql, String id) throws SQLException {
    if (sql.update("DELETE FROM one_time_code WHERE substr(digest, 1, ?) = ?", ID_LENGTH, id)
        == 0) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "code",
          "There is no code '" + id + "'.",
          "'solebox users invitations' lists them.");
    }
  }

  /** Makes all of a purpose open nothing. */
  void withdraw(Sql sql, Purpose purpose) throws SQLException {
    sql.update("DELETE FROM one_time_code WHERE purpose = ?", purpose.word());
  }

  private static String digest(String typed) {
    return Secrets.digest(Secrets.typed(typed));
  }
}
