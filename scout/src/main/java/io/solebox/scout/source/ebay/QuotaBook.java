package io.solebox.scout.source.ebay;

import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Counts calls, so that a start anew forgets none. Calls are set aside by a few before they are
 * made: what a process that ends has not made of them is lost, and nothing is made uncounted. Safe
 * for many threads.
 */
final class QuotaBook {
  /**
   * Set aside at once at most: a write to the disk for each call would cost more than the call. It
   * begins with one and doubles, so that short lives waste few.
   */
  private static final int MOST_ASIDE = 20;

  /** eBay's days; a stored reset that is further away was written by a clock that was wrong. */
  private static final Duration LONGEST_DAY = Duration.ofHours(25);

  private static final ZoneId PACIFIC = ZoneId.of("America/Los_Angeles");

  private final Database database;
  private final InstantSource clock;
  private final OptionalInt callsPerDay;
  private final Map<EbayPool, Aside> aside = new EnumMap<>(EbayPool.class);

  /** As last written: whoever plans asks often, and nobody else writes it. */
  private final Map<EbayPool, EbayQuota.Pool> last = new EnumMap<>(EbayPool.class);

  /**
   * @param next how many are set aside after these
   */
  private record Aside(long calls, long next, Instant resets) {
    static final Aside NONE = new Aside(0, 1, Instant.MIN);
  }

  QuotaBook(Database database, InstantSource clock, OptionalInt callsPerDay) {
    this.database = database;
    this.clock = clock;
    this.callsPerDay = callsPerDay;
  }

  /** Counts one call that is about to be made; false if none is left, and it must not be. */
  synchronized boolean take(EbayPool pool) {
    Instant now = clock.instant();
    Aside left = aside.getOrDefault(pool, Aside.NONE);
    if (left.calls() == 0 || !isOfToday(left.resets(), now)) {
      long next = left.next();
      left = database.transaction(sql -> setAside(sql, pool, next));
    }
    aside.put(pool, new Aside(Math.max(0, left.calls() - 1), left.next(), left.resets()));
    return left.calls() > 0;
  }

  private Aside setAside(Sql sql, EbayPool pool, long most) throws SQLException {
    EbayQuota.Pool row = today(sql, pool);
    long calls = Math.min(most, row.left());
    sql.update(
        "UPDATE ebay_quota SET used = used + ?, since = since + ? WHERE pool = ?",
        calls,
        calls,
        pool.key());
    last.put(pool, stored(sql, pool).orElseThrow());
    return new Aside(calls, Math.min(2 * most, MOST_ASIDE), row.resets());
  }

  /** What eBay says itself. */
  synchronized void learn(EbayPool pool, long limit, long left, Instant resets) {
    Instant now = clock.instant();
    long waiting = aside.getOrDefault(pool, Aside.NONE).calls();
    database.transaction(
        sql -> {
          today(sql, pool);
          boolean isNear = resets.isAfter(now) && resets.isBefore(now.plus(LONGEST_DAY));
          sql.update(
              "UPDATE ebay_quota SET live_limit = ?, live_left = ?, live_asked = ?, since = ?,"
                  + " allowed = ?, resets = CASE WHEN ? = 1 THEN ? ELSE resets END WHERE pool = ?",
              limit,
              left,
              now.toEpochMilli(),
              waiting,
              allowed(pool, Optional.of(limit)),
              isNear ? 1 : 0,
              resets.toEpochMilli(),
              pool.key());
          return last.put(pool, stored(sql, pool).orElseThrow());
        });
  }

  synchronized EbayQuota.Pool pool(EbayPool pool) {
    Instant now = clock.instant();
    Optional<EbayQuota.Pool> known =
        Optional.ofNullable(last.get(pool)).filter(row -> isOfToday(row.resets(), now));
    if (known.isPresent()) {
      return known.get();
    }
    EbayQuota.Pool row = database.transaction(sql -> today(sql, pool));
    last.put(pool, row);
    return row;
  }

  private static boolean isOfToday(Instant resets, Instant now) {
    return now.isBefore(resets) && !resets.isAfter(now.plus(LONGEST_DAY));
  }

  EbayQuota quota() {
    return new EbayQuota(
        database.transaction(
            sql ->
                List.of(
                    today(sql, EbayPool.BROWSE),
                    today(sql, EbayPool.ITEMS),
                    today(sql, EbayPool.TOKENS))));
  }

  /** How long until more calls are there; at least a minute. */
  Duration untilReset(EbayPool pool) {
    Duration until = Duration.between(clock.instant(), pool(pool).resets());
    return until.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : until;
  }

  /** The row of a pool, begun anew where its day is over. */
  private EbayQuota.Pool today(Sql sql, EbayPool pool) throws SQLException {
    Instant now = clock.instant();
    Optional<EbayQuota.Pool> stored = stored(sql, pool);
    if (stored.isEmpty()) {
      sql.update(
          "INSERT INTO ebay_quota (pool, resets, used, allowed, since) VALUES (?, ?, 0, ?, 0)",
          pool.key(),
          midnight(now).toEpochMilli(),
          allowed(pool, Optional.empty()));
      return stored(sql, pool).orElseThrow();
    }
    EbayQuota.Pool row = stored.get();
    long allowed = allowed(pool, row.live().map(EbayQuota.Live::limit));
    if (!now.isBefore(row.resets())) {
      sql.update(
          "UPDATE ebay_quota SET resets = ?, used = 0, since = 0, allowed = ?, live_limit = NULL,"
              + " live_left = NULL, live_asked = NULL WHERE pool = ?",
          midnight(now).toEpochMilli(),
          allowed,
          pool.key());
    } else if (row.resets().isAfter(now.plus(LONGEST_DAY))) {
      // The clock went back: the day ends sooner, and what was used stays used.
      sql.update(
          "UPDATE ebay_quota SET resets = ? WHERE pool = ?",
          midnight(now).toEpochMilli(),
          pool.key());
    } else if (row.allowed() != allowed) {
      sql.update("UPDATE ebay_quota SET allowed = ? WHERE pool = ?", allowed, pool.key());
    } else {
      return row;
    }
    return stored(sql, pool).orElseThrow();
  }

  private static Optional<EbayQuota.Pool> stored(Sql sql, EbayPool pool) throws SQLException {
    return sql.first(
        EbayQuota::pool,
        "SELECT pool, used, allowed, resets, since, live_limit, live_left, live_asked"
            + " FROM ebay_quota WHERE pool = ?",
        pool.key());
  }

  private long allowed(EbayPool pool, Optional<Long> limit) {
    long ebays = limit.orElse((long) pool.usual());
    return switch (pool) {
      case BROWSE, ITEMS ->
          callsPerDay.isPresent() ? Math.min(ebays, callsPerDay.getAsInt()) : ebays;
      case TOKENS -> ebays;
    };
  }

  private static Instant midnight(Instant now) {
    return now.atZone(PACIFIC).toLocalDate().plusDays(1).atStartOfDay(PACIFIC).toInstant();
  }
}
