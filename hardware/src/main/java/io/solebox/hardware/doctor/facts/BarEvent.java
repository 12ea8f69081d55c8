package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a kernel said of one range of addresses of a device.
 *
 * @param bar the range as it was said: with a place only where one is said
 * @param action what was done to it
 */
public record BarEvent(PciAddress device, PciBar bar, Action action, LogLine line) {
  /** What is done to a range. */
  public enum Action {
    /** It was found, where firmware had left it, or with no place. */
    FOUND,
    ASSIGNED,
    RELEASED,
    /** No window has room for it. */
    NO_SPACE,
    /** It was left without a place. */
    FAILED;

    /** Whether the range has no place after it. */
    public boolean isLoss() {
      return this == NO_SPACE || this == FAILED;
    }
  }

  private static final Pattern PLACED =
      Pattern.compile("(io|mem) +0x([0-9a-f]{1,16})(?:-0x([0-9a-f]{1,16}))?(.*)");

  private static final Pattern SIZED = Pattern.compile("(io|mem) +size 0x([0-9a-f]{1,16})(.*)");

  /** All that a log says, in its order. */
  public static List<BarEvent> all(KernelLog log) {
    Set<PciAddress> bridges =
        Stream.concat(
                Wording.PCI_BRIDGE.in(log),
                Wording.PCI_DEVICE.in(log).filter(hit -> hit.match().group(4).startsWith("0x0604")))
            .flatMap(hit -> PciAddress.of(hit.match().group(1)).stream())
            .collect(Collectors.toSet());
    return log.lines().stream()
        .flatMap(line -> of(line).stream())
        .map(event -> bridges.contains(event.device()) ? event.ofBridge() : event)
        .toList();
  }

  /** Kernels without virtual functions number windows of bridges from 7, as others those. */
  private BarEvent ofBridge() {
    if (bar.kind() != PciBar.Kind.VF_BAR) {
      return this;
    }
    PciBar.Kind kind = bar.prefetchable() ? PciBar.Kind.PREFETCHABLE_WINDOW : PciBar.Kind.WINDOW;
    return new BarEvent(
        device, new PciBar(kind, 0, bar.start(), bar.size(), bar.prefetchable()), action, line);
  }

  static Optional<BarEvent> of(LogLine line) {
    String text = line.text();
    Matcher named = Wording.BAR_NEW.pattern().matcher(text);
    if (named.find()) {
      return named(line, named);
    }
    Matcher numbered = Wording.BAR_OLD.pattern().matcher(text);
    if (numbered.find()) {
      String range =
          numbered.group(4) == null ? "mem size " + numbered.group(5) : numbered.group(4);
      return numbered(
          line, numbered.group(1), Integer.parseInt(numbered.group(2)), range, numbered.group(3));
    }
    Matcher register = Wording.BAR_FOUND_OLD.pattern().matcher(text);
    if (register.find()) {
      int number = (Integer.parseInt(register.group(2), 16) - 0x10) / 4;
      return numbered(line, register.group(1), number, register.group(3), "");
    }
    return Optional.empty();
  }

  private static Optional<BarEvent> named(LogLine line, Matcher found) {
    String name = found.group(2);
    PciBar.Kind kind;
    int index = 0;
    if (found.group(3) != null) {
      index = Integer.parseInt(found.group(3));
      kind = BarNumber.kind(index);
    } else if (found.group(4) != null) {
      index = Integer.parseInt(found.group(4));
      kind = PciBar.Kind.VF_BAR;
    } else if (name.equals("ROM")) {
      kind = PciBar.Kind.ROM;
    } else {
      kind = window(found.group(5));
    }
    String action = found.group(6) == null ? "" : found.group(6);
    return event(line, found.group(1), kind, index, found.group(5), action);
  }

  /** Old kernels number windows of bridges from 13, or from 7 where they know no VFs. */
  private static Optional<BarEvent> numbered(
      LogLine line, String device, int number, String range, String action) {
    PciBar.Kind kind = number >= 13 ? window(range) : BarNumber.kind(number);
    return event(line, device, kind, number >= 13 ? 0 : BarNumber.index(number), range, action);
  }

  private static PciBar.Kind window(String range) {
    return range.contains("pref") ? PciBar.Kind.PREFETCHABLE_WINDOW : PciBar.Kind.WINDOW;
  }

  private static Optional<BarEvent> event(
      LogLine line, String device, PciBar.Kind kind, int index, String range, String action) {
    PciAddress address = PciAddress.of(device).orElseThrow();
    return bar(kind, index, range).map(bar -> new BarEvent(address, bar, action(action), line));
  }

  private static Action action(String words) {
    if (words.isEmpty()) {
      return Action.FOUND;
    }
    if (words.equals("assigned")) {
      return Action.ASSIGNED;
    }
    if (words.equals("releasing")) {
      return Action.RELEASED;
    }
    return words.contains("no space") || words.startsWith("can't")
        ? Action.NO_SPACE
        : Action.FAILED;
  }

  private static Optional<PciBar> bar(PciBar.Kind kind, int index, String range) {
    Matcher sized = SIZED.matcher(range);
    if (sized.matches()) {
      long size = Long.parseUnsignedLong(sized.group(2), 16);
      return Optional.of(
          bar(kind, index, sized.group(1), OptionalLong.empty(), size, sized.group(3)));
    }
    Matcher placed = PLACED.matcher(range);
    if (!placed.matches()) {
      return Optional.empty();
    }
    long start = Long.parseUnsignedLong(placed.group(2), 16);
    long end = placed.group(3) == null ? start : Long.parseUnsignedLong(placed.group(3), 16);
    // Firmware that gave it no place leaves it at 0.
    OptionalLong place = start == 0 ? OptionalLong.empty() : OptionalLong.of(start);
    return Optional.of(bar(kind, index, placed.group(1), place, end - start + 1, placed.group(4)));
  }

  private static PciBar bar(
      PciBar.Kind kind, int index, String space, OptionalLong start, long size, String flags) {
    return new PciBar(
        space.equals("io") ? PciBar.Kind.IO : kind, index, start, size, flags.contains("pref"));
  }
}
