package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.ConfigSpace;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.GpuTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A function on a PCI bus, as far as anything that was read tells of it.
 *
 * @param vendor as in {@code 0x10de}
 * @param device as in {@code 0x1db5}
 * @param classCode 24 bits, as in {@code 0x030200}
 * @param name as a tool wrote it; empty where none did
 * @param driver the kernel's driver that holds it
 * @param bars ranges of addresses that it has, or asks for and has not
 * @param buses those behind it, of a bridge
 * @param config its configuration space: absent, or cut where root was needed
 * @param maxLink the best link it is made for
 * @param link the one it has now
 * @param resizable BARs whose size can be chosen
 * @param iommuGroup of the kernel
 * @param numaNode of the kernel; empty where it says that there is none
 * @param seen where it was seen, never empty
 */
public record PciDevice(
    PciAddress address,
    OptionalInt vendor,
    OptionalInt device,
    OptionalInt classCode,
    String name,
    Optional<Known<String>> driver,
    List<Known<PciBar>> bars,
    Optional<Buses> buses,
    Reading config,
    Optional<Known<PciLink>> maxLink,
    Optional<Known<PciLink>> link,
    List<ConfigSpace.Resizable> resizable,
    Optional<String> iommuGroup,
    OptionalInt numaNode,
    List<Evidence> seen) {
  /** Buses behind a bridge: the nearest, and the last. */
  public record Buses(int first, int last) {
    boolean contains(int bus) {
      return first <= bus && bus <= last;
    }
  }

  public PciDevice {
    bars = List.copyOf(bars);
    resizable = List.copyOf(resizable);
    seen = List.copyOf(seen);
  }

  /** As in {@code 10de:1db5}; with {@code ????} for what is not known. */
  public String id() {
    return hex(vendor) + ":" + hex(device);
  }

  private static String hex(OptionalInt number) {
    return number.isPresent() ? String.format(Locale.ROOT, "%04x", number.getAsInt()) : "????";
  }

  /** A display controller, or a processing accelerator, of a vendor whose GPUs compute. */
  public boolean isGpu() {
    if (classCode.isEmpty() || vendor.isEmpty()) {
      return false;
    }
    int base = classCode.getAsInt() >> 16;
    int maker = vendor.getAsInt();
    return (base == 0x03 || base == 0x12) && (maker == GpuTable.NVIDIA || maker == GpuTable.AMD);
  }

  /** A bridge from one PCI bus to others. */
  public boolean isBridge() {
    return buses.isPresent() || classCode.isPresent() && classCode.getAsInt() >> 8 == 0x0604;
  }

  /** The parsed configuration space, where any of it was read. */
  public Optional<ConfigSpace> configSpace() {
    return config.content().map(content -> new ConfigSpace(content.bytes()));
  }

  /** A BAR by its number. */
  public Optional<Known<PciBar>> bar(int index) {
    return bars.stream()
        .filter(each -> each.value().kind() == PciBar.Kind.BAR && each.value().index() == index)
        .findFirst();
  }

  /** The window of a bridge for prefetchable memory. */
  public Optional<Known<PciBar>> prefetchableWindow() {
    return bars.stream()
        .filter(each -> each.value().kind() == PciBar.Kind.PREFETCHABLE_WINDOW)
        .findFirst();
  }
}
