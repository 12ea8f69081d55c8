package io.solebox.scout.state;

import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Whether searches were answered before: what the first answer shows is no news. */
public final class Searched {
  private Searched() {}

  /**
   * Whether all searches of a watch at a site, and those that are asked for all watches, have had
   * one whole answer. As long as one has not, what was listed after the others were asked last was
   * not there before either.
   *
   * @param watch its name
   * @param listed since when the thing is for sale, where that is known
   */
  public static boolean before(
      Sql sql, String market, String site, String watch, Optional<Instant> listed)
      throws SQLException {
    return sql.first(
            row ->
                row.getInt(1) == 0
                    || listed.isPresent()
                        && row.getLong(2) > 0
                        && listed.get().toEpochMilli() > row.getLong(2),
            "SELECT COALESCE(SUM(CASE WHEN seeded IS NULL THEN 1 ELSE 0 END), 1), COALESCE(MAX(CASE"
                + " WHEN seeded IS NULL THEN 0 ELSE asked END), 0) FROM search WHERE market = ? AND"
                + " site = ? AND (watch = ? OR watch = '')",
            market,
            site,
            watch)
        .orElse(false);
  }
}
