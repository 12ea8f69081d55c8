package io.solebox.app.scout;

import io.solebox.scout.item.Money;
import io.solebox.scout.judge.PriceDay;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prices over days as lines of characters: the medians, and what lies between a tenth and nine
 * tenths of all prices.
 *
 * @param first the day of the first column
 * @param days of each column
 */
record PricePlot(LocalDate first, LocalDate last, int days) {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 10;
  private static final char MEDIAN = '█';
  private static final char BAND = '░';

  /** Of so many days as are asked for, in columns of whole days. */
  static PricePlot of(LocalDate first, LocalDate last) {
    int all = (int) ChronoUnit.DAYS.between(first, last) + 1;
    return new PricePlot(first, last, Math.max(1, (all + WIDTH - 1) / WIDTH));
  }

  /**
   * @param spans of {@link #days} each, of one currency; at least one
   */
  List<String> lines(List<PriceDay> spans) {
    double least = spans.stream().mapToDouble(span -> value(span.low())).min().orElseThrow();
    double most = spans.stream().mapToDouble(span -> value(span.high())).max().orElseThrow();
    var scale = new Scale(least, Math.max(most, least * 1.01));
    char[][] rows = new char[HEIGHT][columns()];
    for (char[] row : rows) {
      Arrays.fill(row, ' ');
    }
    for (PriceDay span : spans) {
      int column = column(span.day());
      for (int y = scale.row(span.low()); y <= scale.row(span.high()); y++) {
        rows[y][column] = BAND;
      }
      rows[scale.row(span.median())][column] = MEDIAN;
    }
    List<String> lines = new ArrayList<>();
    for (int y = HEIGHT - 1; y >= 0; y--) {
      String label = y % 3 == 0 ? String.format(Locale.ROOT, "%,.0f", scale.value(y)) : "";
      lines.add(String.format(Locale.ROOT, "%10s │%s", label, new String(rows[y])).stripTrailing());
    }
    lines.add(" ".repeat(10) + " └" + "─".repeat(columns()));
    lines.add(axis());
    return lines;
  }

  private int columns() {
    return column(last) + 1;
  }

  private int column(LocalDate day) {
    return (int) (ChronoUnit.DAYS.between(first, day) / days);
  }

  private String axis() {
    String from = " ".repeat(12) + first;
    String to = last.toString();
    int gap = 12 + columns() - from.length() - to.length();
    return gap > 0 ? from + " ".repeat(gap) + to : from;
  }

  private static double value(Money money) {
    return money.amount().doubleValue();
  }

  /** From prices to rows, the lowest is 0. */
  private record Scale(double least, double most) {
    int row(Money money) {
      return (int) Math.round((PricePlot.value(money) - least) / (most - least) * (HEIGHT - 1));
    }

    double value(int row) {
      return least + (most - least) * row / (HEIGHT - 1);
    }
  }
}
