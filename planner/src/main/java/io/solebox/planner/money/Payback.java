package io.solebox.planner.money;

import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;

/**
 * When a machine has paid for itself, against a price for tokens that are made elsewhere: capital /
 * (tokens a second x 0.0036 x price of a million - kilowatts x price of a kilowatt hour), hours
 * (source notes 6).
 */
public sealed interface Payback {
  /** After that time. */
  record After(Range hours) implements Payback {}

  /**
   * Only where all goes well.
   *
   * @param bestHours if so
   * @param reason why else never
   */
  record Perhaps(double bestHours, String reason) implements Payback {}

  /**
   * Never.
   *
   * @param reason in a sentence
   */
  record Never(String reason) implements Payback {}

  /** What a million tokens a second for an hour are: 3600 / 10^6. */
  double MILLIONS = 0.0036;

  /**
   * @param capital US dollars
   * @param tokens a second, of all clients together, while it decodes
   * @param watts at the wall over all of the time ({@link Energy#mean})
   */
  static Payback of(Range capital, Range tokens, Range watts, Duty duty, Prices prices) {
    double most = earned(tokens.high(), duty, prices.tokens().high());
    double least = earned(tokens.low(), duty, prices.tokens().low());
    double cheap = watts.low() / 1000 * prices.electricity().low();
    double dear = watts.high() / 1000 * prices.electricity().high();
    String sums =
        "in an hour it saves %.4f to %.4f USD and draws current for %.4f to %.4f USD, at %s"
            .formatted(least, most, cheap, dear, duty);
    if (most <= cheap) {
      return new Never(sentence(sums));
    }
    double best = capital.low() / (most - cheap);
    if (least <= dear) {
      return new Perhaps(best, sentence(sums));
    }
    return new After(new Range(best, capital.high() / (least - dear), Unit.HOURS, sums));
  }

  private static String sentence(String sums) {
    return "I" + sums.substring(1) + ".";
  }

  private static double earned(double tokens, Duty duty, double price) {
    return duty.decode() * tokens * MILLIONS * price;
  }
}
