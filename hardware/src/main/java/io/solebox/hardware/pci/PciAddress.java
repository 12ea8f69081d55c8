package io.solebox.hardware.pci;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a function is on the PCI buses of a machine, as in {@code 0000:01:00.0}. */
public record PciAddress(int domain, int bus, int device, int function)
    implements Comparable<PciAddress> {
  /**
   * As kernels, {@code lspci} (which leaves domain 0 out), NVML ({@code 00000000:01:00.0}) and
   * NVIDIA's driver ({@code PCI:0000:01:00}, which leaves the function out) write it.
   */
  public static final String PATTERN =
      "(?:PCI:)?(?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}(?:\\.[0-7])?";

  private static final Pattern PARTS =
      Pattern.compile(
          "(?:PCI:)?(?:([0-9a-fA-F]{4,8}):)?([0-9a-fA-F]{2}):([0-9a-fA-F]{2})(?:\\.([0-7]))?");

  private static final Comparator<PciAddress> ORDER =
      Comparator.comparingInt(PciAddress::domain)
          .thenComparingInt(PciAddress::bus)
          .thenComparingInt(PciAddress::device)
          .thenComparingInt(PciAddress::function);

  /** What a text says, if it is an address and nothing else. */
  public static Optional<PciAddress> of(String text) {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new PciAddress(
            parts.group(1) == null ? 0 : Integer.parseUnsignedInt(parts.group(1), 16),
            Integer.parseInt(parts.group(2), 16),
            Integer.parseInt(parts.group(3), 16),
            parts.group(4) == null ? 0 : Integer.parseInt(parts.group(4))));
  }

  @Override
  public int compareTo(PciAddress other) {
    return ORDER.compare(this, other);
  }

  /** As in sysfs. */
  @Override
  public String toString() {
    return "%04x:%02x:%02x.%d".formatted(domain, bus, device, function);
  }
}
