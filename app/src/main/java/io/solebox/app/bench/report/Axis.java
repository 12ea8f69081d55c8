package io.solebox.app.bench.report;

import java.util.Locale;

/**
 * The numbers beside a plot.
 *
 * @param scale what a value is multiplied with to be told
 */
record Axis(double scale) {
  /** The next value above that divides into four round ones. */
  static double rounded(double value) {
    if (value <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : new double[] {1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8}) {
      if (value <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** As short as it can be told. */
  String mark(double value) {
    double told = value * scale;
    if (told == 0) {
      return "0";
    }
    if (Math.abs(told) >= 10_000) {
      return plain(told / 1000) + "k";
    }
    return plain(told);
  }

  /** A value with a digit behind the point where it has one that counts. */
  static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.1f", value);
  }

  private static String plain(double value) {
    double size = Math.abs(value);
    String text =
        String.format(
            Locale.ROOT,
            size >= 100 ? "%.0f" : size >= 1 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.2g",
            value);
    return text.contains(".") && !text.contains("e") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
