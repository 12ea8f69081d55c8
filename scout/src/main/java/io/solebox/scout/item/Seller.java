package io.solebox.scout.item;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a listing says of its seller. Nothing is counted of sellers beyond it, and no name is kept.
 *
 * @param key stands for the seller's unchanging id: a keyed hash, which says nothing elsewhere
 * @param score how many have rated
 * @param positivePercent 0 to 100, of those
 */
public record Seller(String key, OptionalInt score, OptionalDouble positivePercent) {}
