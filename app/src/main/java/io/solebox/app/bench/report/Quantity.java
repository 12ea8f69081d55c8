package io.solebox.app.bench.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a figure of a report tells. */
public enum Quantity {
  LOAD("Load", Unit.SECONDS, false),
  UPLOAD("Upload to the device", Unit.BYTES_PER_SECOND, true),
  LINK_BANDWIDTH("Link, copies alone", Unit.BYTES_PER_SECOND, true),
  READ_BANDWIDTH("Memory, reads alone", Unit.BYTES_PER_SECOND, true),
  PREFILL("Prefill", Unit.TOKENS_PER_SECOND, true),
  FIRST_TOKEN("First token", Unit.SECONDS, false),
  DECODE("Decode", Unit.TOKENS_PER_SECOND, true),
  BANDWIDTH_SHARE("Share of bandwidth", Unit.SHARE, true),
  STEADY("Steady answers", Unit.TOKENS_PER_SECOND, true),
  WATTS("Power", Unit.WATTS, false),
  TOKENS_PER_JOULE("Tokens per joule", Unit.TOKENS_PER_JOULE, true);

  /** What a quantity is given in. */
  public enum Unit {
    SECONDS("s"),
    TOKENS_PER_SECOND("tokens/s"),
    BYTES_PER_SECOND("bytes/s"),
    /** Of a whole that is 1. */
    SHARE("share"),
    WATTS("W"),
    TOKENS_PER_JOULE("tokens/J");

    private final String word;

    Unit(String word) {
      this.word = word;
    }

    /** As in JSON. */
    public String word() {
      return word;
    }

    /** A value as people read it, with its unit. */
    public String text(double value) {
      return number(value) + " " + people();
    }

    /** The same without the unit. */
    public String number(double value) {
      return switch (this) {
        case SECONDS, TOKENS_PER_SECOND, WATTS, TOKENS_PER_JOULE -> digits(value);
        case BYTES_PER_SECOND -> digits(value / 1e9);
        case SHARE -> digits(100 * value);
      };
    }

    /** As people are told it. */
    public String people() {
      return switch (this) {
        case SECONDS, TOKENS_PER_SECOND, WATTS, TOKENS_PER_JOULE -> word;
        case BYTES_PER_SECOND -> "GB/s";
        case SHARE -> "%";
      };
    }

    /** Three digits that count, and no more. */
    private static String digits(double value) {
      double size = Math.abs(value);
      String format =
          size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 || size == 0 ? "%.2f" : "%.3g";
      return String.format(Locale.ROOT, format, value);
    }
  }

  private final String title;
  private final Unit unit;
  private final boolean isMoreBetter;

  Quantity(String title, Unit unit, boolean isMoreBetter) {
    this.title = title;
    this.unit = unit;
    this.isMoreBetter = isMoreBetter;
  }

  /** As in JSON: {@code first_token}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people. */
  public String title() {
    return title;
  }

  public Unit unit() {
    return unit;
  }

  public boolean isMoreBetter() {
    return isMoreBetter;
  }

  static Optional<Quantity> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}
