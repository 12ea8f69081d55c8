package io.solebox.app.scout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.item.Money;
import io.solebox.scout.judge.PriceDay;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PricePlotTest {
  private static final LocalDate FIRST = LocalDate.of(2026, 11, 1);

  private static PriceDay day(int day, String low, String median, String high) {
    return new PriceDay(
        FIRST.plusDays(day),
        9,
        Money.of(low, "EUR"),
        Money.of(median, "EUR"),
        Money.of(high, "EUR"));
  }

  @Test
  void showsMediansAndWhatLiesAround() {
    PricePlot plot = PricePlot.of(FIRST, FIRST.plusDays(19));
    List<String> lines =
        plot.lines(
            List.of(
                day(0, "400", "450", "490"),
                day(1, "410", "440", "450"),
                day(19, "450", "450", "450")));
    assertEquals(
        """
               490 │░
                   │░
                   │░
               460 │░
                   │█░                 █
                   │░█
               430 │░░
                   │░░
                   │░░
               400 │░
                   └────────────────────
                    2026-11-01
        """
            .indent(-1)
            .strip(),
        String.join("\n", lines).indent(-1).strip());
  }

  @Test
  void manyDaysShareColumnsAndOnePriceIsAPlot() {
    PricePlot year = PricePlot.of(FIRST.minusDays(364), FIRST);
    assertEquals(6, year.days());
    List<String> lines = year.lines(List.of(day(0, "450", "450", "450")));
    assertTrue(lines.stream().allMatch(line -> line.length() <= 12 + 64), lines::toString);
    assertTrue(lines.get(9).endsWith("█"), lines::toString);
    assertTrue(lines.getLast().endsWith("2026-11-01"), lines::toString);
  }
}
