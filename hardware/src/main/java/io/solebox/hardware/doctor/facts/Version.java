package io.solebox.hardware.doctor.facts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of NVIDIA's driver.
 *
 * @param branch its first number, by which NVIDIA says what is served, as in 580
 * @param text as in {@code 580.95.05}
 */
public record Version(int branch, String text) {
  /** As in a text around it. */
  static final String PATTERN = "\\d{3}\\.\\d{1,3}(?:\\.\\d{1,3})?";

  private static final Pattern PARTS = Pattern.compile("(\\d{3})\\.\\d{1,3}(?:\\.\\d{1,3})?");

  /** What a text says, if it is a version and nothing else. */
  public static Optional<Version> of(String text) {
    Matcher parts = PARTS.matcher(text);
    return parts.matches()
        ? Optional.of(new Version(Integer.parseInt(parts.group(1)), text))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
