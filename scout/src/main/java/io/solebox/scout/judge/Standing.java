package io.solebox.scout.judge;

import io.solebox.scout.item.Money;

/**
 * How a price of one card stands against the asking prices that the scout has seen for the same
 * card in the same currency.
 *
 * @param score robust: how many scaled median absolute deviations above the median; below zero is
 *     cheaper
 * @param median of what was seen, for one card
 * @param seen how many prices that rests on
 */
public record Standing(double score, Money median, int seen) {}
