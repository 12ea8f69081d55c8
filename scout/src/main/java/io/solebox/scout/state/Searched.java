package io.solebox.scout.state;

import io.solebox.scout.watch.Watch;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Since when watches hear of sites: what the first answer shows is no news. */
public final class Searched {
  private static final String OF_ONE = " WHERE market = ? AND site = ? AND watch = ?";

  private Searched() {}

  /**
   * Whether a thing is news for a watch as far as its time goes: the watch has heard of all at the
   * site once, or the thing was listed after it last has.
   *
   * @param watch its name
   * @param listed since when the thing is for sale, where that is known
   */
  public static boolean before(
      Sql sql, String market, String site, String watch, Optional<Instant> listed)
      throws SQLException {
    return sql.first(
            row ->
                row.getLong(1) > 0
                    || row.getLong(2) > 0
                        && listed.isPresent()
                        && listed.get().toEpochMilli() > row.getLong(2),
            "SELECT COALESCE(since, 0), heard FROM hearing" + OF_ONE,
            market,
            site,
            watch)
        .orElse(false);
  }

  /** Notes that a watch is to hear of a site; one that has changed begins anew. */
  static void register(Sql sql, String market, String site, Watch watch) throws SQLException {
    int changed =
        sql.update(
            "INSERT INTO hearing (market, site, watch, wish, heard) VALUES (?, ?, ?, ?, 0) ON"
                + " CONFLICT (market, site, watch) DO UPDATE SET since = NULL, wish = excluded.wish"
                + " WHERE hearing.wish <> excluded.wish",
            market,
            site,
            watch.name(),
            watch.wish());
    if (changed > 0) {
      sql.update("UPDATE search SET seeded = NULL" + OF_ONE, market, site, watch.name());
    }
  }

  /** Notes that a search was answered in full. */
  static void answered(Sql sql, String market, String site, String watch, Instant at)
      throws SQLException {
    String all = watch.isEmpty() ? "" : " AND watch = ?";
    Object[] which =
        watch.isEmpty()
            ? new Object[] {at.toEpochMilli(), at.toEpochMilli(), market, site}
            : new Object[] {at.toEpochMilli(), at.toEpochMilli(), market, site, watch};
    sql.update(
        "UPDATE hearing SET since = COALESCE(since, ?), heard = ? WHERE market = ? AND site = ?"
            + all
            + " AND NOT EXISTS (SELECT 1 FROM search WHERE search.market = hearing.market AND"
            + " search.site = hearing.site AND (search.watch = hearing.watch OR search.watch = '')"
            + " AND search.seeded IS NULL)",
        which);
  }
}
