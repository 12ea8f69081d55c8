package io.solebox.hardware.pci;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One state of a link of PCI Express.
 *
 * @param transfers per lane and second, in 10^9: 2.5, 5, 8, 16, 32, 64
 * @param lanes 1 to 32
 */
public record PciLink(double transfers, int lanes) {
  /** PCI Express Base Specification, Link Capabilities: from the code of a speed to the speed. */
  private static final Map<Integer, Double> SPEEDS =
      new TreeMap<>(Map.of(1, 2.5, 2, 5.0, 3, 8.0, 4, 16.0, 5, 32.0, 6, 64.0));

  private static final Pattern SPEED =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*GT/s", Pattern.CASE_INSENSITIVE);

  /** Of the generation, which is also the code in the registers; empty for one unknown. */
  public static Optional<Double> speed(int generation) {
    return Optional.ofNullable(SPEEDS.get(generation));
  }

  /** Of a text as in {@code 16.0 GT/s PCIe} or {@code 16GT/s}. */
  public static Optional<Double> speed(String text) {
    Matcher speed = SPEED.matcher(text);
    return speed.find() ? Optional.of(Double.valueOf(speed.group(1))) : Optional.empty();
  }

  /** From 1; 0 of a speed that no generation has. */
  public int generation() {
    return SPEEDS.entrySet().stream()
        .filter(each -> each.getValue() == transfers)
        .mapToInt(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  /**
   * What it can carry at best, in 10^9 bytes a second: without what packets need, with what the
   * coding needs, 8 of 10 bits until generation 2 and 128 of 130 since.
   */
  public double gigabytes() {
    double coding = transfers <= 5 ? 8.0 / 10 : 128.0 / 130;
    return transfers * lanes * coding / 8;
  }

  /** As kernels write it: {@code 8.0 GT/s x16}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f GT/s x%d", transfers, lanes);
  }
}
