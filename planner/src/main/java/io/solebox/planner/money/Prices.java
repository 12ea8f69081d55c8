package io.solebox.planner.money;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.PartTable;
import io.solebox.hardware.table.PartTable.Found;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;

/**
 * What is paid for electricity, and what would be paid for tokens elsewhere.
 *
 * @param electricity for a kilowatt hour
 * @param tokens for a million of them that a hosted model makes
 */
public record Prices(Range electricity, Range tokens) {

  /** Those of the tables, with their dates and sources. */
  public static Prices usual() {
    PartTable table = PartTable.prices();
    return new Prices(
        usual(table, "electricity", Unit.USD_PER_KWH),
        usual(table, "api-output", Unit.USD_PER_MILLION));
  }

  private static Range usual(PartTable table, String key, Unit unit) {
    Figure figure =
        switch (table.find(key)) {
          case Found.One(var part) -> part.figure(Quantity.PRICE_USD).orElseThrow();
          case Found.Several _, Found.Unknown _ ->
              throw new IllegalStateException("no price of " + key);
        };
    return new Range(figure.low(), figure.high(), unit, figure.source());
  }

  /**
   * With electricity at this price.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where it is negative
   */
  public Prices withElectricity(double usd) {
    return new Prices(said("electricity", usd, Unit.USD_PER_KWH), tokens);
  }

  /**
   * With a million tokens at this price.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where it is negative
   */
  public Prices withTokens(double usd) {
    return new Prices(electricity, said("tokens", usd, Unit.USD_PER_MILLION));
  }

  static Range said(String what, double usd, Unit unit) {
    if (usd >= 0 && Double.isFinite(usd)) {
      return Range.exactly(usd, unit, "as it was said");
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        what,
        "A price of %s cannot be paid.".formatted(usd),
        "Give 0 or more, in US dollars.");
  }
}
