package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciBar;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;

/**
 * A range of addresses that a host bridge hands on to PCI.
 *
 * @param domain of the bridge
 * @param bus its first
 * @param start in the addresses of the CPU
 * @param end the last byte
 */
public record HostWindow(int domain, int bus, long start, long end, LogLine line) {
  private static final long FOUR_GIB = 1L << 32;

  /** All that the kernel of the last start has found. */
  public static List<HostWindow> all(KernelLog log) {
    return Wording.ROOT_WINDOW.in(log).map(hit -> of(hit.match(), hit.line())).distinct().toList();
  }

  private static HostWindow of(MatchResult match, LogLine line) {
    return new HostWindow(
        Integer.parseUnsignedInt(match.group(1), 16),
        Integer.parseInt(match.group(2), 16),
        Long.parseUnsignedLong(match.group(3), 16),
        Long.parseUnsignedLong(match.group(4), 16),
        line);
  }

  /** Bytes. */
  public long size() {
    return end - start + 1;
  }

  /** Whether all of it lies above 4 GiB, where only 64-bit BARs can be. */
  public boolean isHigh() {
    return start >= FOUR_GIB;
  }

  /**
   * Whether a range fits that must begin at a multiple of some size.
   *
   * @param bytes of the range
   * @param alignment a power of two
   */
  public boolean fits(long bytes, long alignment) {
    long first = (start + alignment - 1) / alignment * alignment;
    return first + bytes - 1 <= end;
  }

  /** As in {@code 0x41f600000-0xfffffffff (47.5 GiB)}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "0x%x-0x%x (%s)", start, end, PciBar.bytes(size()));
  }
}
