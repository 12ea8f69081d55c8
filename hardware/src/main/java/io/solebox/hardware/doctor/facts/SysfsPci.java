package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.ConfigSpace;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciLink;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Devices as the kernel shows them below {@code sys/bus/pci/devices}. */
final class SysfsPci {
  static final String FOLDER = "sys/bus/pci/devices";

  /** Flags of a range, from linux/ioport.h. */
  private static final long PORTS = 0x100;

  private static final long PREFETCHABLE = 0x2000;
  private static final long UNSET = 0x20000000;

  /** Where windows of bridges begin in kernels that know virtual functions. */
  private static final int WINDOWS = 13;

  /** The same in those that do not. */
  private static final int WINDOWS_WITHOUT_VF = 7;

  private final Box box;

  SysfsPci(Box box) {
    this.box = box;
  }

  void read(Function<PciAddress, DeviceNotes> notes) {
    for (String name : box.names(FOLDER)) {
      PciAddress.of(name)
          .ifPresent(address -> read(FOLDER + "/" + name + "/", notes.apply(address)));
    }
  }

  private void read(String folder, DeviceNotes notes) {
    notes.seen(new Evidence(folder + "vendor", 1, word(folder + "vendor").orElse("")));
    hex(folder + "vendor").ifPresent(notes::vendor);
    hex(folder + "device").ifPresent(notes::device);
    OptionalInt code = hex(folder + "class");
    code.ifPresent(notes::classCode);
    box.linked(folder + "driver")
        .ifPresent(driver -> notes.driver(driver, new Evidence(folder + "driver", 0, driver)));
    box.linked(folder + "iommu_group").ifPresent(notes::iommuGroup);
    word(folder + "numa_node").flatMap(SysfsPci::integer).ifPresent(notes::numaNode);
    config(folder, notes);
    boolean bridge = code.isPresent() && code.getAsInt() >> 8 == 0x0604;
    bars(folder + "resource", bridge, notes);
    link(folder + "max_link_", notes::maxLink);
    link(folder + "current_link_", notes::link);
  }

  private void config(String folder, DeviceNotes notes) {
    Reading reading = box.read(folder + "config");
    notes.config(reading);
    reading
        .content()
        .map(content -> new ConfigSpace(content.bytes()))
        .ifPresent(
            config -> {
              config.buses().ifPresent(range -> notes.buses(range.first(), range.last()));
              notes.resizable(config.resizableBars());
            });
  }

  private void bars(String file, boolean bridge, DeviceNotes notes) {
    List<String> lines = box.read(file).content().map(Reading.Content::lines).orElse(List.of());
    int windows = lines.size() > WINDOWS ? WINDOWS : WINDOWS_WITHOUT_VF;
    for (int i = 0; i < lines.size(); i++) {
      Optional<Range> range = Range.of(lines.get(i));
      int index = i;
      range
          .flatMap(each -> each.bar(index, bridge ? windows : Integer.MAX_VALUE))
          .ifPresent(bar -> notes.bar(bar, new Evidence(file, index + 1, lines.get(index))));
    }
    if (!lines.isEmpty()) {
      notes.placesKnown();
    }
  }

  /** One line of {@code resource}: three numbers. */
  private record Range(long start, long end, long flags) {
    static Optional<Range> of(String line) {
      String[] words = line.strip().split("\\s+");
      try {
        return Optional.of(
            new Range(
                Long.parseUnsignedLong(words[0].substring(2), 16),
                Long.parseUnsignedLong(words[1].substring(2), 16),
                Long.parseUnsignedLong(words[2].substring(2), 16)));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        return Optional.empty();
      }
    }

    /** Empty for what the device does not have, or what the kernel has forgotten. */
    Optional<PciBar> bar(int index, int windows) {
      if (flags == 0) {
        return Optional.empty();
      }
      boolean unset = (flags & UNSET) != 0 || start == 0 && end > 0;
      return Optional.of(
          new PciBar(
              kind(index, windows),
              number(index, windows),
              unset || end == 0 ? OptionalLong.empty() : OptionalLong.of(start),
              end - start + (end > start ? 1 : 0),
              (flags & PREFETCHABLE) != 0));
    }

    private PciBar.Kind kind(int index, int windows) {
      if ((flags & PORTS) != 0) {
        return PciBar.Kind.IO;
      }
      if (index >= windows) {
        return (flags & PREFETCHABLE) != 0 ? PciBar.Kind.PREFETCHABLE_WINDOW : PciBar.Kind.WINDOW;
      }
      return BarNumber.kind(index);
    }

    private static int number(int index, int windows) {
      return index >= windows ? 0 : BarNumber.index(index);
    }
  }

  private void link(String prefix, BiConsumer<PciLink, Evidence> taken) {
    Optional<String> speed = word(prefix + "speed");
    OptionalInt lanes =
        word(prefix + "width")
            .flatMap(SysfsPci::integer)
            .map(OptionalInt::of)
            .orElse(OptionalInt.empty());
    // A port without a link says 0 or 255 lanes, and an unknown speed.
    if (lanes.isPresent() && lanes.getAsInt() > 0 && lanes.getAsInt() <= 32) {
      speed
          .flatMap(PciLink::speed)
          .ifPresent(
              each ->
                  taken.accept(
                      new PciLink(each, lanes.getAsInt()),
                      new Evidence(prefix + "speed", 1, speed.get() + " x" + lanes.getAsInt())));
    }
  }

  private Optional<String> word(String path) {
    return box.read(path).word();
  }

  private OptionalInt hex(String path) {
    try {
      return word(path)
          .map(each -> OptionalInt.of(Integer.decode(each)))
          .orElse(OptionalInt.empty());
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private static Optional<Integer> integer(String text) {
    try {
      return Optional.of(Integer.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
