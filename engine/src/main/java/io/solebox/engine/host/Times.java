package io.solebox.engine.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them. */
final class Times {
  /** Nanoseconds of much more would not fit a long. */
  static final double MAX_SECONDS = Duration.ofDays(36500).toSeconds();

  /** Longer numbers mean nothing, and their digits may come from a request. */
  private static final int MAX_LENGTH = 60;

  private static final Pattern PLAIN = Pattern.compile("\\d+(\\.\\d*)?");

  /** A number and its unit, as Go's {@code time.ParseDuration} reads them, and days. */
  private static final Pattern PART =
      Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d)");

  /** Seconds. */
  private static final Map<String, Double> UNITS =
      Map.of(
          "ns", 1e-9, "us", 1e-6, "\u00b5s", 1e-6, "\u03bcs", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0,
          "h", 3600.0, "d", 86400.0);

  private Times() {}

  /**
   * @return less than 0 where the text is
   * @throws SoleboxException {@code INVALID_PARAMETER}
   */
  static double seconds(String place, String text) {
    String stripped = text.strip();
    boolean signed = stripped.startsWith("-") || stripped.startsWith("+");
    String amount = signed ? stripped.substring(1) : stripped;
    if (amount.isEmpty() || amount.length() > MAX_LENGTH) {
      throw noTime(place, text);
    }
    double seconds =
        PLAIN.matcher(amount).matches() ? Double.parseDouble(amount) : sum(place, text, amount);
    return stripped.startsWith("-") ? -seconds : seconds;
  }

  private static double sum(String place, String text, String amount) {
    double seconds = 0;
    int at = 0;
    Matcher part = PART.matcher(amount);
    while (at < amount.length() && part.find(at) && part.start() == at) {
      seconds += Double.parseDouble(part.group(1)) * UNITS.get(part.group(2));
      at = part.end();
    }
    if (at < amount.length()) {
      throw noTime(place, text);
    }
    return seconds;
  }

  private static SoleboxException noTime(String place, String text) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        "'%s' is no time.".formatted(text.substring(0, Math.min(text.length(), MAX_LENGTH))),
        "Write it as 90s, 5m or 1h30m; 0 unloads after the answer, -1 keeps the model.");
  }
}
