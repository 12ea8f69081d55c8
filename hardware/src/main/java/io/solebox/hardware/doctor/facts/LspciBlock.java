package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.ConfigSpace;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciLink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The indented lines below a device in what {@code lspci} says. */
final class LspciBlock {
  /** Without {@code -vv} no number stands in front, and ranges come in their order. */
  private static final Pattern REGION =
      Pattern.compile(
          "^(?:Region (\\d): )?(Memory|I/O ports) at (\\S+)(?: \\((32|64)-bit,"
              + " (non-)?prefetchable\\))?.*?(?:\\[size=(\\d{1,9})([KMGT]?)\\])?$");

  private static final Pattern WINDOW =
      Pattern.compile(
          "^(Prefetchable m|M)emory behind bridge: (?:([0-9a-f]+)-([0-9a-f]+)|\\S+)(.*)$");

  private static final Pattern BUSES =
      Pattern.compile("^Bus: primary=[0-9a-f]+, secondary=([0-9a-f]+), subordinate=([0-9a-f]+)");

  private static final Pattern LINK =
      Pattern.compile("^Lnk(Cap|Sta):.*?Speed ([\\d.]+GT/s).*?Width x(\\d{1,9})");

  private static final Pattern DRIVER = Pattern.compile("^Kernel driver in use: (\\S+)");
  private static final Pattern GROUP =
      Pattern.compile("^(?:IOMMU group: |.*, IOMMU group )(\\d{1,9})");
  private static final Pattern NODE = Pattern.compile("^(?:NUMA node: |.*, NUMA node )(\\d{1,9})");

  private static final Pattern RESIZABLE =
      Pattern.compile("^BAR (\\d): current size: (\\d{1,9})([KMGT])B, supported: (.+)$");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([KMGT])B");

  private final DeviceNotes device;
  private final List<ConfigSpace.Resizable> resizable = new ArrayList<>();
  private int nextRegion;

  LspciBlock(DeviceNotes device) {
    this.device = device;
  }

  void line(Evidence evidence) {
    String text = evidence.text();
    found(REGION, text).ifPresent(region -> region(region, evidence));
    found(WINDOW, text).ifPresent(window -> window(window, evidence));
    found(BUSES, text)
        .ifPresent(
            buses ->
                device.buses(
                    Integer.parseInt(buses.group(1), 16), Integer.parseInt(buses.group(2), 16)));
    found(LINK, text).ifPresent(link -> link(link, evidence));
    found(DRIVER, text).ifPresent(driver -> device.driver(driver.group(1), evidence));
    found(GROUP, text).ifPresent(group -> device.iommuGroup(group.group(1)));
    found(NODE, text).ifPresent(node -> device.numaNode(Integer.parseInt(node.group(1))));
    found(RESIZABLE, text).ifPresent(this::resizable);
  }

  private static Optional<Matcher> found(Pattern pattern, String text) {
    return Optional.of(pattern.matcher(text)).filter(Matcher::find);
  }

  private void region(Matcher region, Evidence evidence) {
    int index = region.group(1) == null ? nextRegion : Integer.parseInt(region.group(1));
    nextRegion = index + ("64".equals(region.group(4)) ? 2 : 1);
    PciBar.Kind kind = LspciText.kind(region.group(2));
    long size = region.group(6) == null ? 0 : LspciText.bytes(region.group(6), region.group(7));
    boolean prefetchable = region.group(4) != null && region.group(5) == null;
    device.bar(new PciBar(kind, index, address(region.group(3)), size, prefetchable), evidence);
  }

  /** None in {@code <unassigned>}, {@code <ignored>}, and of a range at 0. */
  private static OptionalLong address(String text) {
    try {
      long address = Long.parseUnsignedLong(text, 16);
      return address == 0 ? OptionalLong.empty() : OptionalLong.of(address);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private void window(Matcher window, Evidence evidence) {
    boolean prefetchable = window.group(1).startsWith("P");
    PciBar.Kind kind = prefetchable ? PciBar.Kind.PREFETCHABLE_WINDOW : PciBar.Kind.WINDOW;
    if (window.group(2) == null || window.group(4).contains("[disabled]")) {
      return; // that it has none says nothing of what it should have
    }
    long start = Long.parseUnsignedLong(window.group(2), 16);
    long end = Long.parseUnsignedLong(window.group(3), 16);
    if (end > start) {
      device.bar(
          new PciBar(kind, 0, OptionalLong.of(start), end - start + 1, prefetchable), evidence);
    }
  }

  private void link(Matcher link, Evidence evidence) {
    double speed = PciLink.speed(link.group(2)).orElseThrow();
    int lanes = Integer.parseInt(link.group(3));
    if (lanes == 0) {
      return; // a port with nothing behind it
    }
    if (link.group(1).equals("Cap")) {
      device.maxLink(new PciLink(speed, lanes), evidence);
    } else {
      device.link(new PciLink(speed, lanes), evidence);
    }
  }

  private void resizable(Matcher bar) {
    List<Long> supported =
        Arrays.stream(bar.group(4).split("\\s+"))
            .map(SIZE::matcher)
            .filter(Matcher::matches)
            .map(size -> LspciText.bytes(size.group(1), size.group(2)))
            .toList();
    resizable.add(
        new ConfigSpace.Resizable(
            Integer.parseInt(bar.group(1)),
            LspciText.bytes(bar.group(2), bar.group(3)),
            supported));
    device.resizable(List.copyOf(resizable));
  }
}
