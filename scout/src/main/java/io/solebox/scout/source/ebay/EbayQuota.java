package io.solebox.scout.source.ebay;

import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How much of the day's calls is used, for people.
 *
 * @param pools those of which anything is known
 */
public record EbayQuota(List<Pool> pools) {
  public EbayQuota {
    pools = List.copyOf(pools);
  }

  /**
   * One of the pools that eBay counts by.
   *
   * @param key as of {@link EbayPool}
   * @param used by this scout since the last reset; a few that are set aside count
   * @param allowed a day: the least of what eBay and the owner allow
   * @param resets when counting begins anew
   * @param live what eBay itself has said; empty where it has not
   */
  public record Pool(String key, long used, long allowed, Instant resets, Optional<Live> live) {
    /** What may still be asked until the reset. */
    public long left() {
      return Math.max(0, live.map(said -> Math.min(said.left(), rest())).orElse(rest()));
    }

    private long rest() {
      return allowed - used;
    }
  }

  /**
   * What eBay says, of all programs that use the key.
   *
   * @param left less what this scout has asked since
   */
  public record Live(long limit, long left, Instant asked) {}

  /** As it is stored. */
  public static EbayQuota read(Sql sql) throws SQLException {
    return new EbayQuota(
        sql.list(
            EbayQuota::pool,
            "SELECT pool, used, allowed, resets, since, live_limit, live_left, live_asked"
                + " FROM ebay_quota ORDER BY pool"));
  }

  static Pool pool(ResultSet row) throws SQLException {
    long asked = row.getLong("live_asked");
    Optional<Live> live =
        row.wasNull()
            ? Optional.empty()
            : Optional.of(
                new Live(
                    row.getLong("live_limit"),
                    row.getLong("live_left") - row.getLong("since"),
                    Instant.ofEpochMilli(asked)));
    return new Pool(
        row.getString("pool"),
        row.getLong("used"),
        row.getLong("allowed"),
        Instant.ofEpochMilli(row.getLong("resets")),
        live);
  }
}
