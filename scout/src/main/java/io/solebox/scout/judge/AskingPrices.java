package io.solebox.scout.judge;

import io.solebox.scout.item.Money;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What has been asked for cards, as bare numbers: how many prices there were of a card, in a
 * currency, on a day, and how high. Which listing asked it, and whose, is not kept.
 *
 * <p>Prices are counted in buckets, each 2 % wide, with their mean: what comes out is at most 2 %
 * off, and exact where all ask the same. So a day takes as many rows as it has different prices,
 * and never more than some hundred for each card and currency.
 */
public final class AskingPrices {
  /** Of so many days prices say what is usual. */
  public static final int USUAL_DAYS = 90;

  /** So many days with prices are kept, for who wants to see how they went. */
  public static final int KEPT_DAYS = 400;

  /** So long after a thing was last seen at a price it is still the same. */
  private static final int COUNTED_DAYS = 60;

  /** A thing that is there for long is said to be there once in so many days. */
  private static final int RENEWED_DAYS = 7;

  private static final double WIDTH = Math.log(1.02);
  private static final BigDecimal MOST = BigDecimal.valueOf(100_000_000);
  private static final BigDecimal LEAST = new BigDecimal("0.01");

  private final Database database;
  private final Map<Series, Usual> usual = new ConcurrentHashMap<>();
  private volatile LocalDate pruned = LocalDate.MIN;

  /**
   * Prices that can be compared.
   *
   * @param card as of {@link io.solebox.scout.card.CardMatch}
   */
  public record Series(String card, String currency) {}

  /**
   * What was read of a series, and how much was noted since.
   *
   * @param read how many prices it had then
   */
  private record Usual(LocalDate day, Optional<Spread> spread, long read, long since) {
    /** A few prices more change nothing much, but the first ones do. */
    private boolean holds(LocalDate today) {
      return day.equals(today) && since <= read / 20;
    }

    private Usual withOneMore() {
      return new Usual(day, spread, read, since + 1);
    }
  }

  /**
   * @param database with the tables of the scout
   */
  public AskingPrices(Database database) {
    this.database = database;
  }

  /**
   * Counts a price, once for each thing and price. One of nothing, or of more than anybody pays, is
   * not counted.
   *
   * @param perUnit for one card
   * @param thing stands for it, whatever is asked for it: the hash of its key
   */
  public void note(Sql sql, String card, Money perUnit, LocalDate day, String thing)
      throws SQLException {
    prune(sql, day);
    BigDecimal amount = perUnit.amount();
    if (amount.compareTo(LEAST) < 0 || amount.compareTo(MOST) > 0) {
      return;
    }
    String price = amount.stripTrailingZeros().toPlainString();
    if (isNew(sql, Marks.of(thing, card, price, perUnit.currency()), day.toEpochDay())) {
      sql.update(
          "INSERT INTO asking_price (card, currency, day, bucket, seen, hundredths)"
              + " VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (card, currency, day, bucket) DO UPDATE"
              + " SET seen = asking_price.seen + 1,"
              + " hundredths = asking_price.hundredths + excluded.hundredths",
          card,
          perUnit.currency(),
          day.toEpochDay(),
          (int) Math.round(Math.log(amount.doubleValue()) / WIDTH),
          amount.movePointRight(2).setScale(0, RoundingMode.HALF_UP).longValueExact());
      usual.computeIfPresent(
          new Series(card, perUnit.currency()), (_, before) -> before.withOneMore());
    }
  }

  private static boolean isNew(Sql sql, long mark, long day) throws SQLException {
    int added =
        sql.update(
            "INSERT INTO asking_price_counted (mark, day) VALUES (?, ?)"
                + " ON CONFLICT (mark) DO NOTHING",
            mark,
            day);
    if (added == 0) {
      sql.update(
          "UPDATE asking_price_counted SET day = ? WHERE mark = ? AND day < ?",
          day,
          mark,
          day - RENEWED_DAYS);
    }
    return added > 0;
  }

  /** Once a day. */
  private void prune(Sql sql, LocalDate day) throws SQLException {
    if (day.isAfter(pruned)) {
      sql.update("DELETE FROM asking_price_counted WHERE day < ?", day.toEpochDay() - COUNTED_DAYS);
      // By days that there are, and not by the date: a clock that jumps ahead takes none away.
      sql.update(
          "DELETE FROM asking_price WHERE day < (SELECT MIN(day) FROM (SELECT DISTINCT day FROM"
              + " asking_price ORDER BY day DESC LIMIT ?) AS kept)",
          KEPT_DAYS);
      pruned = day;
    }
  }

  /** How the prices of the last days lie; empty where there are none. */
  Optional<Spread> usual(Series series, LocalDate today) {
    return usual
        .compute(
            series,
            (_, before) ->
                before != null && before.holds(today) ? before : readUsual(series, today))
        .spread();
  }

  private Usual readUsual(Series series, LocalDate today) {
    List<Spread.Bucket> buckets =
        database.read(
            sql ->
                sql.list(
                    row -> new Spread.Bucket(row.getLong(1), row.getLong(2)),
                    "SELECT SUM(seen), SUM(hundredths) FROM asking_price"
                        + " WHERE card = ? AND currency = ? AND day > ?"
                        + " GROUP BY bucket ORDER BY bucket",
                    series.card(),
                    series.currency(),
                    today.toEpochDay() - USUAL_DAYS));
    if (buckets.isEmpty()) {
      return new Usual(today, Optional.empty(), 0, 0);
    }
    Spread spread = new Spread(series.currency(), buckets);
    return new Usual(today, Optional.of(spread), spread.seen(), 0);
  }

  /**
   * What there are prices of, and how many.
   *
   * @param since the first day that counts
   */
  public Map<Series, Long> series(LocalDate since) {
    Map<Series, Long> all = new TreeMap<>(AskingPrices::compare);
    database
        .read(
            sql ->
                sql.list(
                    row ->
                        Map.entry(new Series(row.getString(1), row.getString(2)), row.getLong(3)),
                    "SELECT card, currency, SUM(seen) FROM asking_price WHERE day >= ?"
                        + " GROUP BY card, currency",
                    since.toEpochDay()))
        .forEach(each -> all.put(each.getKey(), each.getValue()));
    return all;
  }

  private static int compare(Series a, Series b) {
    int cards = a.card().compareTo(b.card());
    return cards == 0 ? a.currency().compareTo(b.currency()) : cards;
  }

  /** How prices went, the oldest day first; days on which nothing new was asked are not in it. */
  public List<PriceDay> history(Series series, LocalDate since) {
    return history(series, since, 1);
  }

  /**
   * The same by spans of days.
   *
   * @param since the first day of the first span
   * @param days of each span, which goes by its first day
   */
  public List<PriceDay> history(Series series, LocalDate since, int days) {
    record Row(long day, Spread.Bucket bucket) {}
    long first = since.toEpochDay();
    List<Row> rows =
        database.read(
            sql ->
                sql.list(
                    row ->
                        new Row(row.getLong(1), new Spread.Bucket(row.getLong(2), row.getLong(3))),
                    "SELECT day, seen, hundredths FROM asking_price"
                        + " WHERE card = ? AND currency = ? AND day >= ? ORDER BY bucket",
                    series.card(),
                    series.currency(),
                    first));
    Map<Long, List<Spread.Bucket>> spans = new TreeMap<>();
    for (Row row : rows) {
      long span = first + (row.day() - first) / days * days;
      spans.computeIfAbsent(span, _ -> new ArrayList<>()).add(row.bucket());
    }
    List<PriceDay> history = new ArrayList<>();
    spans.forEach((day, buckets) -> history.add(day(day, new Spread(series.currency(), buckets))));
    return history;
  }

  private static PriceDay day(long day, Spread spread) {
    return new PriceDay(
        LocalDate.ofEpochDay(day),
        spread.seen(),
        spread.quantile(0.1),
        spread.median(),
        spread.quantile(0.9));
  }
}
