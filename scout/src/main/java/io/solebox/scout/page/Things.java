package io.solebox.scout.page;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.item.StoredJson;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.story.Happening;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads what is for sale and wanted. */
final class Things {
  /** The newest of them; a watch that wants more tells nobody anything. */
  static final int MOST = 5000;

  private static final String QUERY =
      "SELECT item.details, item.first_seen, item.looked, item.watches, shown.judgement,"
          + " shown.happening, shown.happened, shown.not_told FROM item LEFT JOIN shown ON"
          + " shown.market = item.market AND shown.id = item.id AND shown.variation ="
          + " item.variation WHERE item.gone IS NULL AND item.details IS NOT NULL";

  /**
   * @param damaged rows that cannot be read
   */
  record All(List<Thing> things, int damaged) {}

  private Things() {}

  static All all(Sql sql) throws SQLException {
    List<Optional<Thing>> rows =
        sql.list(Things::read, QUERY + " ORDER BY item.first_seen DESC LIMIT ?", MOST);
    List<Thing> things = rows.stream().flatMap(Optional::stream).toList();
    return new All(things, rows.size() - things.size());
  }

  static Optional<Thing> one(Sql sql, ItemKey key) throws SQLException {
    return sql.first(
            Things::read,
            QUERY + " AND item.market = ? AND item.id = ? AND item.variation = ?",
            key.market(),
            key.id(),
            key.variation())
        .flatMap(thing -> thing);
  }

  /** Empty where the row is damaged: it keeps no other from being shown. */
  private static Optional<Thing> read(ResultSet row) throws SQLException {
    Optional<String> judgement = Optional.ofNullable(row.getString(5));
    try {
      return Optional.of(
          new Thing(
              StoredJson.read(row.getString(1), Sighting.class),
              Instant.ofEpochMilli(row.getLong(2)),
              Instant.ofEpochMilli(row.getLong(3)),
              row.getString(4).lines().toList(),
              judgement.map(text -> StoredJson.read(text, Judgement.class)).orElse(Judgement.NONE),
              last(row)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Thing.Last> last(ResultSet row) throws SQLException {
    Optional<String> happening = Optional.ofNullable(row.getString(6));
    long at = row.getLong(7);
    String notTold = row.getString(8);
    return happening.map(
        name -> new Thing.Last(Happening.valueOf(name), Instant.ofEpochMilli(at), notTold));
  }
}
