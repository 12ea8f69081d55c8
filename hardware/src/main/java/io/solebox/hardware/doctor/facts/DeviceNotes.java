package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.pci.ConfigSpace;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciBar;
import io.solebox.hardware.pci.PciLink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is noted of one device while sources are read one after another, the most exact first: what
 * is known stays.
 */
final class DeviceNotes {
  private record Slot(PciBar.Kind kind, int index) {}

  private final PciAddress address;
  private OptionalInt vendor = OptionalInt.empty();
  private OptionalInt device = OptionalInt.empty();
  private OptionalInt classCode = OptionalInt.empty();
  private String name = "";
  private Optional<Known<String>> driver = Optional.empty();
  private final Map<Slot, Known<PciBar>> bars = new LinkedHashMap<>();
  private boolean placesKnown;
  private Optional<PciDevice.Buses> buses = Optional.empty();
  private Reading config = new Reading.Absent();
  private Optional<Known<PciLink>> maxLink = Optional.empty();
  private Optional<Known<PciLink>> link = Optional.empty();
  private List<ConfigSpace.Resizable> resizable = List.of();
  private Optional<String> iommuGroup = Optional.empty();
  private OptionalInt numaNode = OptionalInt.empty();
  private final List<Evidence> seen = new ArrayList<>();

  DeviceNotes(PciAddress address) {
    this.address = address;
  }

  /** That it is there; one line of each file says that. */
  void seen(Evidence evidence) {
    if (seen.stream().noneMatch(each -> each.file().equals(evidence.file()))) {
      seen.add(evidence);
    }
  }

  void vendor(int id) {
    vendor = vendor.isPresent() ? vendor : OptionalInt.of(id);
  }

  void device(int id) {
    device = device.isPresent() ? device : OptionalInt.of(id);
  }

  void classCode(int code) {
    classCode = classCode.isPresent() ? classCode : OptionalInt.of(code);
  }

  void name(String text) {
    name = name.isEmpty() ? text.strip() : name;
  }

  void driver(String text, Evidence evidence) {
    driver = driver.or(() -> Optional.of(new Known<>(text, evidence)));
  }

  /** The kernel itself has told all places: what others say of places later is of the past. */
  void placesKnown() {
    placesKnown = true;
  }

  /** A size wins over none; otherwise what was there first stays. */
  void bar(PciBar bar, Evidence evidence) {
    PciBar placed =
        placesKnown
            ? new PciBar(
                bar.kind(), bar.index(), OptionalLong.empty(), bar.size(), bar.prefetchable())
            : bar;
    bars.merge(
        new Slot(bar.kind(), bar.index()),
        new Known<>(placed, evidence),
        (old, other) -> old.value().size() == 0 && other.value().size() > 0 ? other : old);
  }

  void buses(int first, int last) {
    buses = buses.or(() -> Optional.of(new PciDevice.Buses(first, last)));
  }

  void config(Reading reading) {
    config = reading;
  }

  void maxLink(PciLink best, Evidence evidence) {
    maxLink = maxLink.or(() -> Optional.of(new Known<>(best, evidence)));
  }

  void link(PciLink now, Evidence evidence) {
    link = link.or(() -> Optional.of(new Known<>(now, evidence)));
  }

  void resizable(List<ConfigSpace.Resizable> all) {
    resizable = resizable.isEmpty() ? all : resizable;
  }

  void iommuGroup(String group) {
    iommuGroup = iommuGroup.or(() -> Optional.of(group));
  }

  void numaNode(int node) {
    numaNode = numaNode.isPresent() || node < 0 ? numaNode : OptionalInt.of(node);
  }

  PciDevice device() {
    return new PciDevice(
        address,
        vendor,
        device,
        classCode,
        name,
        driver,
        List.copyOf(bars.values()),
        buses,
        config,
        maxLink,
        link,
        resizable,
        iommuGroup,
        numaNode,
        seen);
  }
}
