package io.solebox.scout.judge;

import io.solebox.scout.item.Money;
import java.time.LocalDate;

/**
 * What was newly asked for one card on one day, or in a span of days that begins with it, in one
 * currency; each within 2 %.
 *
 * @param seen how many prices
 * @param low a tenth asks no more
 * @param high nine tenths ask no more
 */
public record PriceDay(LocalDate day, long seen, Money low, Money median, Money high) {}
