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
 * @param busStart where it begins in the addresses of PCI, which on PCs are the same
 */
public record HostWindow(int domain, int bus, long start, long end, long busStart, LogLine line) {
  /** What is smaller is for VGA and the like, from before PCI. */
  private static final long SMALLEST = 1L << 20;

  private static final long FOUR_GIB = 1L << 32;

  /** {@code 41f600000-fffffffff : PCI Bus 0000:00}, or {@code pcie@fe150000}, not indented. */
  private static final Pattern IOMEM =
      Pattern.compile(
          "^([0-9a-f]+)-([0-9a-f]+) : (?:PCI Bus ([0-9a-f]{4,8}):([0-9a-f]{2})|pcie@\\w+)$");

  /** What lies in a window of a device tree says whose it is. */
  private static final Pattern INSIDE = Pattern.compile("^ .* : (?:PCI Bus )?([0-9a-f]{4}):");

  /** All that the log knows of, or, where it begins too late, {@code proc/iomem}. */
  static List<HostWindow> all(Box box, KernelLog log) {
    List<HostWindow> logged =
        Wording.ROOT_WINDOW.in(log).map(hit -> of(hit.match(), hit.line())).toList();
    List<HostWindow> all = logged.isEmpty() ? iomem(box) : distinct(logged);
    return all.stream().filter(each -> each.size() >= SMALLEST).toList();
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
    List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
    List<HostWindow> windows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher found = IOMEM.matcher(lines.get(i));
      if (found.matches() && !found.group(2).matches("0+")) {
        LogLine line = new LogLine(file, i + 1, OptionalDouble.empty(), lines.get(i));
        windows.add(
            new HostWindow(
                domain(found, i + 1 < lines.size() ? lines.get(i + 1) : ""),
                found.group(4) == null ? 0 : Integer.parseInt(found.group(4), 16),
                Long.parseUnsignedLong(found.group(1), 16),
                Long.parseUnsignedLong(found.group(2), 16),
                Long.parseUnsignedLong(found.group(1), 16),
                line));
      }
    }
    return List.copyOf(windows);
  }

  private static int domain(Matcher found, String next) {
    if (found.group(3) != null) {
      return Integer.parseUnsignedInt(found.group(3), 16);
    }
    Matcher inside = INSIDE.matcher(next);
    return inside.find() ? Integer.parseInt(inside.group(1), 16) : 0;
  }

  private static HostWindow of(MatchResult match, LogLine line) {
    return new HostWindow(
        Integer.parseUnsignedInt(match.group(1), 16),
        Integer.parseInt(match.group(2), 16),
        Long.parseUnsignedLong(match.group(3), 16),
        Long.parseUnsignedLong(match.group(4), 16),
        Long.parseUnsignedLong(match.group(match.group(5) == null ? 3 : 5), 16),
        line);
  }

  /** Bytes. */
  public long size() {
    return end - start + 1;
  }

  /** Whether all of it lies above 4 GiB, where only 64-bit BARs can be. */
  public boolean isHigh() {
    return busStart >= FOUR_GIB;
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
