package io.solebox.scout.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.item.Money;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of prices, and what comes out of it. */
class AskingPricesTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 1);
  private static final AskingPrices.Series V100 = new AskingPrices.Series("V100-SXM2-32GB", "EUR");

  @TempDir private Path folder;

  private Database database;
  private AskingPrices prices;

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve("scout.db"));
    prices = new AskingPrices(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void note(String amount, LocalDate day, String thing) {
    note(Money.of(amount, "EUR"), day, thing);
  }

  private void note(Money money, LocalDate day, String thing) {
    database.transaction(
        sql -> {
          prices.note(sql, V100.card(), money, day, thing);
          return null;
        });
  }

  private long rows(String table) {
    return database.read(
        sql -> sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM " + table).orElseThrow());
  }

  private Spread usual(LocalDate day) {
    return prices.usual(V100, day).orElseThrow();
  }

  @Test
  void countsAThingOnceForEachPrice() {
    note("450", DAY, "a");
    note("450.00", DAY, "a");
    note("450", DAY.plusDays(3), "a");
    assertEquals(1, usual(DAY.plusDays(3)).seen());
    note("400", DAY.plusDays(3), "a");
    note("450", DAY.plusDays(3), "b");
    assertEquals(3, usual(DAY.plusDays(3)).seen());
  }

  @Test
  void keepsCurrenciesApartAndPricesThatAreNoneOut() {
    note("450", DAY, "a");
    note(Money.of("520", "USD"), DAY, "a");
    note("0", DAY, "b");
    note("999999999", DAY, "c");
    assertEquals(1, usual(DAY).seen());
    assertEquals("450.00 EUR", usual(DAY).median().toString());
    assertEquals(2, prices.series(DAY).size());
  }

  @Test
  void equalPricesAreExactAndHaveALeastDeviation() {
    IntStream.range(0, 20).forEach(i -> note("449.99", DAY, "t" + i));
    Spread spread = usual(DAY);
    assertEquals("449.99 EUR", spread.median().toString());
    assertEquals(0, spread.score(Money.of("449.99", "EUR")), 1e-9);
    assertTrue(spread.score(Money.of("440", "EUR")) > -0.5);
    assertTrue(spread.score(Money.of("225", "EUR")) < -10);
  }

  /** Against the prices themselves. */
  @Test
  void quantilesAreWithinTwoPercent() {
    var random = new Random(5);
    List<Double> all =
        IntStream.range(0, 2000)
            .mapToDouble(_ -> Math.round(100 * 450 * Math.exp(0.3 * random.nextGaussian())) / 100.0)
            .sorted()
            .boxed()
            .toList();
    database.transaction(
        sql -> {
          for (int i = 0; i < all.size(); i++) {
            String amount = String.format(Locale.ROOT, "%.2f", all.get(i));
            prices.note(sql, V100.card(), Money.of(amount, "EUR"), DAY, "t" + i);
          }
          return null;
        });
    for (double share : new double[] {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99}) {
      double exact = all.get((int) Math.ceil(share * all.size()) - 1);
      double kept = usual(DAY).quantile(share).amount().doubleValue();
      assertEquals(1, kept / exact, 0.02, share + ": " + kept + " for " + exact);
    }
    // The deviation of the logarithms is 0.3: half the price is 2.3 of them below.
    assertEquals(-2.3, usual(DAY).score(Money.of("225", "EUR")), 0.15);
    assertEquals(2.3, usual(DAY).score(Money.of("900", "EUR")), 0.15);
    assertTrue(rows("asking_price") < 160, rows("asking_price") + " rows");
  }

  @Test
  void aClockThatJumpsAheadTakesNothingAway() {
    database.transaction(
        sql -> {
          for (int day = 0; day < 30; day++) {
            prices.note(sql, V100.card(), Money.of("400", "EUR"), DAY.plusDays(day), "t" + day);
          }
          prices.note(sql, V100.card(), Money.of("400", "EUR"), DAY.plusDays(9000), "ahead");
          return null;
        });
    assertEquals(31, rows("asking_price"));
  }

  /** Two years of it take no more than the months that are kept. */
  @Test
  void whatIsOldGoes() {
    database.transaction(
        sql -> {
          for (int day = 0; day < 800; day++) {
            Money asked = Money.of("" + (400 + day % 7), "EUR");
            prices.note(sql, V100.card(), asked, DAY.plusDays(day), "t" + day);
          }
          return null;
        });
    assertTrue(rows("asking_price_counted") <= 61);
    assertTrue(rows("asking_price") <= AskingPrices.KEPT_DAYS + 1);
    LocalDate last = DAY.plusDays(799);
    assertEquals(AskingPrices.USUAL_DAYS, usual(last).seen());
    List<PriceDay> history = prices.history(V100, last.minusDays(9));
    assertEquals(10, history.size());
    assertEquals(last, history.getLast().day());
    assertEquals("401.00 EUR", history.getLast().median().toString());
  }

  /** What is long for sale at one price is one price, however long. */
  @Test
  void whatStaysForSaleIsNotCountedAgain() {
    for (int day = 0; day < 300; day += 5) {
      note("450", DAY.plusDays(day), "a");
    }
    assertEquals(1, rows("asking_price"));
  }

  /** A few prices more need not be read again, many have to. */
  @Test
  void whatIsUsualFollows() {
    IntStream.range(0, 20).forEach(i -> note("450", DAY, "a" + i));
    assertEquals("450.00 EUR", usual(DAY).median().toString());
    IntStream.range(0, 60).forEach(i -> note("300", DAY, "b" + i));
    assertEquals("300.00 EUR", usual(DAY).median().toString());
  }
}
