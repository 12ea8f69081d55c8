package io.solebox.app.console;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people read them. */
public final class Units {
  private static final String[] NAMES = {"KiB", "MiB", "GiB", "TiB"};

  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?) ?([KMGT]?)(I?B)?", Pattern.CASE_INSENSITIVE);

  private static final List<String> POWERS = List.of("", "K", "M", "G", "T");

  private Units() {}

  /**
   * The bytes of a size as people write it: {@code 12GiB}, {@code 800M} (of 1024), {@code 16GB} (of
   * 1000), {@code 1048576}; empty where it is none.
   */
  public static OptionalLong bytesOf(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    boolean decimal = "B".equalsIgnoreCase(size.group(3));
    int power = POWERS.indexOf(size.group(2).toUpperCase(Locale.ROOT));
    double bytes = Double.parseDouble(size.group(1)) * Math.pow(decimal ? 1000 : 1024, power);
    return bytes < Long.MAX_VALUE ? OptionalLong.of(Math.round(bytes)) : OptionalLong.empty();
  }

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
