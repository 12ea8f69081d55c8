package io.solebox.planner.money;

import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.heat.Heat;
import io.solebox.planner.heat.HeatPlan;

/**
 * What tokens take of current.
 *
 * @param mean watts at the wall, over all kinds of work
 * @param perToken joules at the wall for a token while the machine decodes
 * @param perMillion what the current for a million of them costs
 */
public record Energy(Range mean, Range perToken, Range perMillion) {
  /** A kilowatt hour is 3.6 million joules, and these are joules for one of a million tokens. */
  private static final double JOULES = 3.6;

  /**
   * @param tokens a second, of all clients together, while it decodes; more than none
   */
  public static Energy of(HeatPlan heat, Range tokens, Duty duty, Prices prices) {
    Heat decode = heat.decode();
    Range joules =
        decode
            .wall()
            .per(
                tokens,
                Unit.JOULES_PER_TOKEN,
                "%s at the wall for %s".formatted(decode.wall().text(), tokens.text()));
    return new Energy(
        mean(heat, duty),
        joules,
        new Range(
            joules.low() / JOULES * prices.electricity().low(),
            joules.high() / JOULES * prices.electricity().high(),
            Unit.USD_PER_MILLION,
            "%s of energy at %s (%s)"
                .formatted(
                    joules.text(), prices.electricity().text(), prices.electricity().reason())));
  }

  /** Watts at the wall, each kind of work by its part of the time. */
  public static Range mean(HeatPlan heat, Duty duty) {
    double low = 0;
    double high = 0;
    for (Heat each : heat.loads()) {
      low += duty.of(each.load()) * each.wall().low();
      high += duty.of(each.load()) * each.wall().high();
    }
    return new Range(low, high, Unit.WATTS, "at " + duty);
  }
}
