package io.solebox.app.console;

import java.util.Locale;

/** Numbers as people read them. */
public final class Units {
  private static final String[] NAMES = {"KiB", "MiB", "GiB", "TiB"};

  private Units() {}

  /** As in {@code 1.24 GiB}. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 1024 && unit < NAMES.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f %s", value, NAMES[unit]);
  }

  /** As in {@code 1.24 billion}. */
  public static String count(long n) {
    if (n >= 1_000_000_000) {
      return String.format(Locale.ROOT, "%.2f billion", n / 1e9);
    }
    return n >= 1_000_000 ? String.format(Locale.ROOT, "%.2f million", n / 1e6) : Long.toString(n);
  }
}
