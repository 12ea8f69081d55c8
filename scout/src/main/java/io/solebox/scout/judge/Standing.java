package io.solebox.scout.judge;

import io.solebox.scout.item.Money;

/**
 * How a price of one card stands against the asking prices that the scout has seen for the same
 * card in the same currency.
 *
 * @param score robust: how many scaled median absolute deviations above the median, both of
 *     logarithms, so that half the price is as far off as twice the price; below zero is cheaper
 * @param median of what was seen, for one card, within 2 %
 * @param seen how many prices that rests on
 */
public record Standing(double score, Money median, int seen) {}
