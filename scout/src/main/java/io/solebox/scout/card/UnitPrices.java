package io.solebox.scout.card;

import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.Quantity;
import io.solebox.scout.item.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What is asked for a lot, of one card and of what it has.
 *
 * @param perUnit for one card
 * @param perGigabyte of its memory, 2^30 bytes
 * @param perBandwidth for 1 GB/s of its memory's bandwidth
 */
public record UnitPrices(Money perUnit, Money perGigabyte, Money perBandwidth) {
  private static final int MIB = 1024;

  /**
   * Rounded to a hundredth, of bandwidth to a thousandth.
   *
   * @param asked for all units together, without shipping
   */
  public static UnitPrices of(Money asked, int units, Part card) {
    double gigabytes = card.figure(Quantity.VRAM_MIB).orElseThrow().high() / MIB;
    double bandwidth = card.figure(Quantity.BANDWIDTH_GBS).orElseThrow().high();
    return new UnitPrices(
        share(asked, BigDecimal.valueOf(units), 2),
        share(asked, BigDecimal.valueOf(units * gigabytes), 2),
        share(asked, BigDecimal.valueOf(units * bandwidth), 3));
  }

  private static Money share(Money asked, BigDecimal parts, int digits) {
    return new Money(asked.amount().divide(parts, digits, RoundingMode.HALF_UP), asked.currency());
  }
}
