package io.solebox.scout.judge;

import io.solebox.scout.item.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;

/**
 * How prices of one currency lie, from counts of about equal ones. What each price is judged by is
 * reckoned once.
 */
final class Spread {
  /** Makes the median absolute deviation of a normal distribution its standard deviation. */
  private static final double NORMAL = 1.4826;

  /** Where all ask the same, another twentieth is still nothing to speak of. */
  private static final double LEAST_DEVIATION = Math.log(1.05);

  /**
   * Prices that are about equal.
   *
   * @param seen how many, at least 1
   * @param hundredths their sum
   */
  record Bucket(long seen, long hundredths) {
    private double mean() {
      return hundredths / 100.0 / seen;
    }
  }

  /** A price or a deviation, and how many prices have it. */
  private record Weighted(double value, long seen) {}

  private final String currency;
  private final List<Weighted> prices;
  private final long seen;
  private final Money median;
  private final double logMedian;
  private final double deviation;

  /**
   * @param buckets from the lowest to the highest, of which several may be about equal; at least
   *     one
   */
  Spread(String currency, List<Bucket> buckets) {
    if (buckets.isEmpty()) {
      throw new IllegalArgumentException("a spread of no prices");
    }
    this.currency = currency;
    this.prices = buckets.stream().map(each -> new Weighted(each.mean(), each.seen())).toList();
    this.seen = buckets.stream().mapToLong(Bucket::seen).sum();
    this.median = quantile(0.5);
    this.logMedian = Math.log(at(0.5, prices));
    this.deviation = deviation(prices, logMedian);
  }

  long seen() {
    return seen;
  }

  /**
   * What a share of all prices is not above.
   *
   * @param share 0 to 1
   */
  Money quantile(double share) {
    BigDecimal value = BigDecimal.valueOf(at(share, prices));
    return new Money(value.setScale(2, RoundingMode.HALF_UP), currency);
  }

  Money median() {
    return median;
  }

  /**
   * How many scaled median absolute deviations a price is above the median; below zero for less.
   * Reckoned with logarithms, as half the price is as odd as twice the price, and what a few
   * dreamers ask hides nothing.
   */
  double score(Money price) {
    return (Math.log(price.amount().doubleValue()) - logMedian) / deviation;
  }

  private static double deviation(List<Weighted> prices, double logMedian) {
    List<Weighted> off =
        prices.stream()
            .map(each -> new Weighted(Math.abs(Math.log(each.value()) - logMedian), each.seen()))
            .sorted(Comparator.comparingDouble(Weighted::value))
            .toList();
    return Math.max(NORMAL * at(0.5, off), LEAST_DEVIATION);
  }

  /** The nearest rank. */
  private static double at(double share, List<Weighted> sorted) {
    long all = sorted.stream().mapToLong(Weighted::seen).sum();
    long rank = Math.max(1, (long) Math.ceil(share * all));
    long passed = 0;
    for (Weighted each : sorted) {
      passed += each.seen();
      if (passed >= rank) {
        return each.value();
      }
    }
    return sorted.getLast().value();
  }
}
