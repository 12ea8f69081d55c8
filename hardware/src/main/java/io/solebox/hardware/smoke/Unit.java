package io.solebox.hardware.smoke;

import java.util.Locale;

/** What a figure is given in. */
public enum Unit {
  OPERATIONS_PER_SECOND("TFLOP/s", 1e-12),
  BYTES_PER_SECOND("GB/s", 1e-9),
  SECONDS("µs", 1e6),
  WATTS("W", 1),
  CELSIUS("°C", 1),
  MEGAHERTZ("MHz", 1),
  /** What is wrong, or happened: words, elements, errors. */
  COUNT("", 1);

  private final String people;
  private final double scale;

  Unit(String people, double scale) {
    this.people = people;
    this.scale = scale;
  }

  /** As in JSON: {@code bytes_per_second}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As in {@code GB/s}; empty of counts. */
  public String people() {
    return people;
  }

  /** What a value is multiplied with for {@link #people}. */
  public double scale() {
    return scale;
  }

  /** With three digits that count, and the unit. */
  public String text(double value) {
    return (number(value) + " " + people).strip();
  }

  /** The same without the unit. */
  public String number(double value) {
    double told = value * scale;
    double size = Math.abs(told);
    String format = size >= 100 || this == COUNT ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, told);
  }
}
