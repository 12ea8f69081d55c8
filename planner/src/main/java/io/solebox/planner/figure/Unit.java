package io.solebox.planner.figure;

import java.util.Locale;

/** What figures are counted in, and how people read them. */
public enum Unit {
  BYTES("bytes", "B", true),
  BYTES_PER_SECOND("bytes_per_second", "B/s", true),
  /** A multiplication and an addition are two. */
  OPERATIONS_PER_SECOND("operations_per_second", "FLOP/s", true),
  TOKENS_PER_SECOND("tokens_per_second", "tok/s", false),
  TOKENS("tokens", "tokens", false),
  SECONDS("seconds", "s", false),
  MILLISECONDS("milliseconds", "ms", false),
  HOURS("hours", "h", false),
  WATTS("watts", "W", false),
  JOULES_PER_TOKEN("joules_per_token", "J/token", false),
  BTU_PER_HOUR("btu_per_hour", "BTU/h", false),
  CUBIC_FEET_PER_MINUTE("cubic_feet_per_minute", "CFM", false),
  CUBIC_METRES_PER_HOUR("cubic_metres_per_hour", "m3/h", false),
  CELSIUS("celsius", "C", false),
  KELVIN("kelvin", "K", false),
  DECIBELS("decibels", "dB(A)", false),
  PERCENT("percent", "%", false),
  USD("usd", "USD", false),
  USD_PER_KWH("usd_per_kwh", "USD/kWh", false),
  /** For a million of tokens. */
  USD_PER_MILLION("usd_per_million_tokens", "USD/M tokens", false);

  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P"};

  private final String wireName;
  private final String symbol;
  private final boolean scales;

  Unit(String wireName, String symbol, boolean scales) {
    this.wireName = wireName;
    this.symbol = symbol;
    this.scales = scales;
  }

  /** For programs. */
  public String wireName() {
    return wireName;
  }

  /** For people, as in {@code 8.03 GB} or {@code 31 to 38 tok/s}; prefixes count in thousands. */
  String text(double low, double high) {
    int power = 0;
    double size = 1;
    while (scales && high / size >= 1000 && power < PREFIXES.length - 1) {
      power++;
      size *= 1000;
    }
    String from = number(low / size);
    String to = number(high / size);
    String both = from.equals(to) ? to : from + " to " + to;
    return both + " " + PREFIXES[power] + symbol;
  }

  /** Three digits, as more would claim to be known. */
  private static String number(double value) {
    double magnitude = Math.abs(value);
    String format = magnitude >= 99.95 ? "%,.0f" : magnitude >= 9.995 ? "%.1f" : "%.2f";
    return magnitude < 0.00995 && magnitude > 0
        ? String.format(Locale.ROOT, "%.2g", value)
        : String.format(Locale.ROOT, format, value);
  }
}
