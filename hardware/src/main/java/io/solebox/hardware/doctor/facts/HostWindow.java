package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.pci.PciBar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /** {@code 41f600000-fffffffff : PCI Bus 0000:00}, not indented. */
  private static final Pattern IOMEM =
      Pattern.compile("^([0-9a-f]+)-([0-9a-f]+) : PCI Bus ([0-9a-f]{4,8}):([0-9a-f]{2})$");

  /** All that the log knows of, or, where it begins too late, {@code proc/iomem}. */
  static List<HostWindow> all(Box box, KernelLog log) {
    List<HostWindow> logged =
        Wording.ROOT_WINDOW.in(log).map(hit -> of(hit.match(), hit.line())).toList();
    return logged.isEmpty() ? iomem(box) : distinct(logged);
  }

  /** Logs of several starts say the same several times. */
  private static List<HostWindow> distinct(List<HostWindow> all) {
    Map<String, HostWindow> last = new LinkedHashMap<>();
    all.forEach(each -> last.put(each.domain + ":" + each.bus + " " + each, each));
    return List.copyOf(last.values());
  }

  /** For whoever is not root all addresses there are 0. */
  private static List<HostWindow> iomem(Box box) {
    String file = "proc/iomem";
    List<HostWindow> windows = new ArrayList<>();
    int number = 0;
    for (String line : box.read(file).content().map(Reading.Content::lines).orElse(List.of())) {
      number++;
      Matcher found = IOMEM.matcher(line);
      if (found.matches() && !found.group(2).matches("0+")) {
        windows.add(
            new HostWindow(
                Integer.parseUnsignedInt(found.group(3), 16),
                Integer.parseInt(found.group(4), 16),
                Long.parseUnsignedLong(found.group(1), 16),
                Long.parseUnsignedLong(found.group(2), 16),
                new LogLine(file, number, OptionalDouble.empty(), line)));
      }
    }
    return List.copyOf(windows);
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
    return firstMultiple(alignment) + bytes - 1 <= end;
  }

  /** The first multiple of some size that is not before its start. */
  public long firstMultiple(long alignment) {
    return (start + alignment - 1) / alignment * alignment;
  }

  /** As in {@code 0x41f600000-0xfffffffff (47.5 GiB)}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "0x%x-0x%x (%s)", start, end, PciBar.bytes(size()));
  }
}
