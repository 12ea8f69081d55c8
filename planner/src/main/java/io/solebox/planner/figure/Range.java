package io.solebox.planner.figure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A figure with how little is known of it.
 *
 * @param low what it is at least
 * @param high what it is at most
 * @param reason where it comes from: a measure, a source, or how it was computed; a sentence
 *     without its end
 * @throws IllegalArgumentException where the ends are not numbers, or the wrong way round
 */
public record Range(double low, double high, Unit unit, String reason) {
  public Range {
    if (!Double.isFinite(low) || !Double.isFinite(high) || low > high) {
      throw new IllegalArgumentException("%s to %s is no range".formatted(low, high));
    }
  }

  /** Known to the digit. */
  public static Range exactly(double value, Unit unit, String reason) {
    return new Range(value, value, unit, reason);
  }

  /**
   * A value that may be off.
   *
   * @param share by which it may be too little or too much, as in 0.1
   */
  public static Range about(double value, double share, Unit unit, String reason) {
    double off = Math.abs(value) * share;
    return new Range(value - off, value + off, unit, reason);
  }

  public double middle() {
    return (low + high) / 2;
  }

  public boolean holds(double value) {
    return low <= value && value <= high;
  }

  /**
   * Both together, of the same unit.
   *
   * @throws IllegalArgumentException where the other's unit is another
   */
  public Range plus(Range other, String why) {
    if (unit != other.unit) {
      throw new IllegalArgumentException(unit + " and " + other.unit + " do not add up");
    }
    return new Range(low + other.low, high + other.high, unit, why);
  }

  /** A share of it, itself not known to the digit; of what is not negative. */
  public Range times(double least, double most, String why) {
    return new Range(low * least, high * most, unit, why);
  }

  /**
   * Each end as something else, as watts as BTU an hour; a change that falls turns the ends round.
   */
  public Range map(DoubleUnaryOperator change, Unit other, String why) {
    double first = change.applyAsDouble(low);
    double second = change.applyAsDouble(high);
    return new Range(Math.min(first, second), Math.max(first, second), other, why);
  }

  /** So much in so much: the least over the most, and the other way round; of what is positive. */
  public Range per(Range divisor, Unit other, String why) {
    return new Range(low / divisor.high, high / divisor.low, other, why);
  }

  /** The same for another reason. */
  public Range because(String why) {
    return new Range(low, high, unit, why);
  }

  /** For people, without the reason. */
  public String text() {
    return unit.text(low, high);
  }

  /** For programs. */
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("low", low);
    fields.put("high", high);
    fields.put("unit", unit.wireName());
    fields.put("reason", reason);
    return fields;
  }
}
