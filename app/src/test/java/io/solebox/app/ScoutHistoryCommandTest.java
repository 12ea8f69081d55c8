package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.item.Money;
import io.solebox.scout.judge.AskingPrices;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoutHistoryCommandTest {
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  @TempDir private Path home;
  @TempDir private Path state;

  private CliRunner.Result history(String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "scout";
    all[1] = "history";
    all[2] = "--state";
    all[3] = state.toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return new CliRunner(home).run(all);
  }

  private void prices() {
    try (Database database = ScoutTables.open(state.resolve(ScoutTables.FILE))) {
      var prices = new AskingPrices(database);
      database.transaction(
          sql -> {
            for (int i = 0; i < 30; i++) {
              LocalDate day = TODAY.minusDays(2 * i);
              String amount = "" + (400 + 3 * i);
              prices.note(sql, "V100-SXM2-16GB", Money.of(amount, "EUR"), day, "a" + i);
              prices.note(sql, "V100-SXM2-16GB-1df5", Money.of("500", "USD"), day, "b" + i);
              prices.note(sql, "A100-PCIE-40GB", Money.of("4000", "EUR"), day, "c" + i);
            }
            return null;
          });
    }
  }

  @Test
  void plotsACardInEachCurrency() {
    prices();
    CliRunner.Result all = history("v100-sxm2-16gb");
    assertEquals(0, all.exitCode(), all.err());
    assertTrue(all.out().contains("Tesla V100 SXM2 16GB, EUR for one, 30 prices since "));
    assertTrue(all.out().contains("Tesla V100 SXM2 16GB, USD for one, 30 prices since "));
    assertTrue(all.out().contains("█"));
    assertTrue(!all.out().contains("4,000"));
    CliRunner.Result one = history("V100 SXM2 16GB", "--currency", "eur", "--since", "10d");
    assertTrue(one.out().contains("EUR for one, 6 prices since "), one.out());
    assertTrue(!one.out().contains("USD"), one.out());
  }

  @Test
  void saysTheSameToPrograms() {
    prices();
    String json = history("v100-sxm2-16gb", "--json", "--since", "1d").out();
    assertEquals(
        """
        {"card":"V100-SXM2-16GB","name":"Tesla V100 SXM2 16GB","since":"%s","currencies":\
        [{"currency":"EUR","prices":1,"days":[{"day":"%s","prices":1,"low":400.00,\
        "median":400.00,"high":400.00}]},{"currency":"USD","prices":1,"days":[{"day":"%s",\
        "prices":1,"low":500.00,"median":500.00,"high":500.00}]}]}
        """
            .formatted(TODAY.minusDays(1), TODAY, TODAY),
        json);
  }

  @Test
  void namesTheNearestCardsForOneThatThereIsNot() {
    CliRunner.Result unknown = history("V10O-SXM2-32GB");
    assertEquals(1, unknown.exitCode());
    assertTrue(unknown.err().contains("There is no card 'V10O-SXM2-32GB'"), unknown.err());
    assertTrue(unknown.err().contains("V100-SXM2-32GB"), unknown.err());
    CliRunner.Result several = history("v100");
    assertTrue(several.err().contains("Say which: "), several.err());
  }

  @Test
  void saysThatThereIsNothing() {
    CliRunner.Result nothing = history("T4");
    assertEquals(1, nothing.exitCode());
    assertTrue(nothing.err().contains("No scout has remembered anything here."), nothing.err());
    prices();
    CliRunner.Result none = history("T4");
    assertEquals(0, none.exitCode());
    assertTrue(none.err().contains("No price of Tesla T4 was seen since "), none.err());
  }
}
