package io.solebox.scout.state;

import io.solebox.scout.item.Hashes;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What each site has last shown of a thing, as a hash: most of what searches show is as it was, and
 * nothing comes of it.
 */
final class Prints {
  private static final String OF_SIGHT = " WHERE market = ? AND id = ? AND variation = ?";

  /**
   * Once a day all is looked at anew: what others ask has changed, and what was damaged is mended.
   */
  private static final Duration GOOD_FOR = Duration.ofDays(1);

  private Prints() {}

  /** Of all that a sighting says but when it was. */
  static String of(Sighting seen, String wishes) {
    return Hashes.of(
        List.of(
            wishes,
            seen.title(),
            seen.page().toString(),
            seen.image().toString(),
            seen.sale().toString(),
            seen.shown().toString(),
            seen.shipping().toString(),
            seen.condition().toString(),
            seen.seller().toString(),
            seen.country().toString(),
            seen.aspects().toString(),
            seen.group().toString(),
            seen.listed().toString()));
  }

  /** Whether a thing is for sale and its site has shown the same before. */
  static boolean isKnown(Sql sql, Sighting seen, String print) throws SQLException {
    if (seen.sale() instanceof Sale.Auction) {
      return false; // time alone makes news of it
    }
    return sql.first(
            _ -> true,
            "SELECT 1 FROM sight"
                + OF_SIGHT
                + " AND site = ? AND print = ? AND noted > ? AND EXISTS (SELECT 1 FROM item WHERE item.market ="
                + " sight.market AND item.id = sight.id AND item.variation = sight.variation AND"
                + " item.gone IS NULL)",
            seen.key().market(),
            seen.key().id(),
            seen.key().variation(),
            seen.site(),
            print,
            seen.seen().minus(GOOD_FOR).toEpochMilli())
        .isPresent();
  }

  static void note(Sql sql, Sighting seen, String print) throws SQLException {
    sql.update(
        "INSERT INTO sight (market, id, variation, site, print, noted) VALUES (?, ?, ?, ?, ?, ?) ON"
            + " CONFLICT (market, id, variation, site) DO UPDATE SET print = excluded.print, noted ="
            + " excluded.noted",
        seen.key().market(),
        seen.key().id(),
        seen.key().variation(),
        seen.site(),
        print,
        seen.seen().toEpochMilli());
  }

  /**
   * Forgets those of things that are no longer for sale, and what a clock has noted too far off.
   */
  static void sweep(Sql sql, String market, Instant latest) throws SQLException {
    sql.update(
        "DELETE FROM sight WHERE market = ? AND (noted > ? OR NOT EXISTS (SELECT 1 FROM item WHERE item.market ="
            + " sight.market AND item.id = sight.id AND item.variation = sight.variation AND"
            + " item.gone IS NULL))",
        market,
        latest.toEpochMilli());
  }
}
