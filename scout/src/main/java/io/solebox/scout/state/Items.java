package io.solebox.scout.state;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.item.StoredJson;
import io.solebox.scout.story.Item;
import io.solebox.storage.Sql;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table of things. */
final class Items {
  private static final String COLUMNS =
      "first_seen, looked, gone, currency, asked, lowest, drops, backs, ending, watches";

  private static final String OF_KEY = " WHERE market = ? AND id = ? AND variation = ?";

  private Items() {}

  /** A row: a thing, and who wanted it. */
  record Row(Item item, List<String> watches) {}

  static Optional<Row> row(Sql sql, ItemKey key) throws SQLException {
    return sql.first(
        Items::read,
        "SELECT " + COLUMNS + " FROM item" + OF_KEY,
        key.market(),
        key.id(),
        key.variation());
  }

  /** The last that was like a thing and is gone. */
  static Optional<Row> gone(Sql sql, String likeness) throws SQLException {
    return sql.first(
        Items::read,
        "SELECT "
            + COLUMNS
            + " FROM item WHERE likeness = ? AND gone IS NOT NULL ORDER BY gone DESC LIMIT 1",
        likeness);
  }

  /** Notes that what is gone and was like a thing goes on as that one: a third is new again. */
  static void inherit(Sql sql, String likeness) throws SQLException {
    sql.update("UPDATE item SET likeness = '' WHERE likeness = ? AND gone IS NOT NULL", likeness);
  }

  /** Where a thing was found last; empty where nobody wants it. */
  static Optional<String> site(Sql sql, ItemKey key) throws SQLException {
    return sql.first(
            row -> siteOf(row.getString(1)),
            "SELECT details FROM item" + OF_KEY + " AND details IS NOT NULL",
            key.market(),
            key.id(),
            key.variation())
        .flatMap(site -> site);
  }

  private static Optional<String> siteOf(String details) {
    try {
      return Optional.of(StoredJson.read(details, Sighting.class).site());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // it is damaged, and written anew by who asks
    }
  }

  private static Row read(ResultSet row) throws SQLException {
    long gone = row.getLong(3);
    Optional<Instant> since =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(gone));
    String currency = row.getString(4);
    return new Row(
        new Item(
            Instant.ofEpochMilli(row.getLong(1)),
            Instant.ofEpochMilli(row.getLong(2)),
            since,
            money(row.getString(5), currency),
            money(row.getString(6), currency),
            row.getInt(7),
            row.getInt(8),
            row.getInt(9) != 0),
        row.getString(10).lines().toList());
  }

  /** Empty also where it is damaged: the next sighting says it anew. */
  private static Optional<Money> money(String amount, String currency) {
    try {
      return amount.isEmpty()
          ? Optional.empty()
          : Optional.of(new Money(new BigDecimal(amount), currency));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Writes what is remembered of a thing; what its listing says only where somebody wants it. */
  static void write(Sql sql, Sighting seen, Item item, Interest interest, String likeness)
      throws SQLException {
    boolean wanted = !interest.watches().isEmpty();
    ItemKey key = seen.key();
    sql.update(
        "INSERT INTO item (market, id, variation, first_seen, looked, gone, ends, currency, asked,"
            + " lowest, drops, backs, ending, likeness, seller, card, watches, details)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (market, id, variation) DO UPDATE SET looked = excluded.looked,"
            + " gone = excluded.gone, ends = excluded.ends, currency = excluded.currency,"
            + " asked = excluded.asked, lowest = excluded.lowest, drops = excluded.drops,"
            + " backs = excluded.backs, ending = excluded.ending, likeness = excluded.likeness,"
            + " seller = excluded.seller, card = excluded.card, watches = excluded.watches,"
            + " details = excluded.details",
        key.market(),
        key.id(),
        key.variation(),
        item.firstSeen().toEpochMilli(),
        item.looked().toEpochMilli(),
        item.gone().map(Instant::toEpochMilli).orElse(null),
        seen.sale() instanceof Sale.Auction auction ? auction.ends().toEpochMilli() : null,
        item.lowest().map(Money::currency).orElse(""),
        text(item.asked()),
        text(item.lowest()),
        item.drops(),
        item.backs(),
        item.endingTold() ? 1 : 0,
        likeness,
        wanted ? seen.seller().map(Seller::key).orElse(null) : null,
        wanted ? interest.judgement().card().map(card -> card.card()).orElse(null) : null,
        String.join("\n", interest.watches()),
        wanted ? StoredJson.text(seen) : null);
  }

  private static String text(Optional<Money> money) {
    return money.map(each -> each.amount().toPlainString()).orElse("");
  }

  static int looked(Sql sql, ItemKey key, Instant at) throws SQLException {
    return sql.update(
        "UPDATE item SET looked = ?" + OF_KEY,
        at.toEpochMilli(),
        key.market(),
        key.id(),
        key.variation());
  }

  /** Notes that a thing is no longer for sale; what its listing said is gone with it. */
  static int end(Sql sql, ItemKey key, Instant at) throws SQLException {
    return sql.update(
        "UPDATE item SET gone = ?, looked = ?, ends = NULL, ending = 0, seller = NULL,"
            + " details = NULL"
            + OF_KEY
            + " AND gone IS NULL",
        at.toEpochMilli(),
        at.toEpochMilli(),
        key.market(),
        key.id(),
        key.variation());
  }
}
