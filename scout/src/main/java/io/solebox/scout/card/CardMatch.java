package io.solebox.scout.card;

/**
 * Which card a thing is.
 *
 * @param card its name in the table of GPUs, as in {@code V100-SXM2-32GB}
 * @param units how many cards are sold as one, at least 1
 * @param reason by what it was known, in words
 */
public record CardMatch(String card, int units, String reason) {
  public CardMatch {
    if (units < 1) {
      throw new IllegalArgumentException("units: " + units);
    }
  }
}
