package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.doctor.facts.Wording;
import io.solebox.hardware.pci.PciAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the IOMMU knows the GPUs. */
final class IommuGroup implements Check {
  @Override
  public String id() {
    return "iommu.group";
  }

  @Override
  public String title() {
    return "the IOMMU knows the GPU";
  }

  @Override
  public List<String> reads() {
    return List.of("sys/bus/pci/devices/*/iommu_group", "lspci-vvv.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A warning for a GPU without a group where other devices have one. It is no failure: on"
        + " a host with a device tree a device without a driver has none.";
  }

  @Override
  public String remedy() {
    return "Load the driver of the card and look again; then look at iommu-map in the device tree,"
        + " or at IORT.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    Set<PciAddress> logged =
        Wording.IOMMU_GROUP
            .in(facts.log())
            .flatMap(hit -> PciAddress.of(hit.match().group(1)).stream())
            .collect(Collectors.toSet());
    Optional<PciDevice> grouped =
        facts.pci().devices().stream().filter(each -> isIn(each, logged)).findFirst();
    List<PciDevice> gpus = facts.pci().large();
    if (gpus.isEmpty()) {
      return List.of(Finding.calm(id(), Verdict.NOT_APPLICABLE, "No GPU was seen.", List.of()));
    }
    if (grouped.isEmpty()) {
      return List.of(without(facts));
    }
    List<Finding> missing =
        gpus.stream()
            .filter(gpu -> !isIn(gpu, logged))
            .map(gpu -> missing(gpu, grouped.get()))
            .toList();
    return missing.isEmpty()
        ? List.of(Finding.calm(id(), Verdict.OK, "Every GPU is in a group.", List.of()))
        : missing;
  }

  private static boolean isIn(PciDevice device, Set<PciAddress> logged) {
    return device.iommuGroup().isPresent() || logged.contains(device.address());
  }

  private Finding without(Facts facts) {
    boolean known =
        !facts.log().lines().isEmpty() || !facts.box().names("sys/bus/pci/devices").isEmpty();
    return known
        ? Finding.calm(
            id(), Verdict.NOT_APPLICABLE, "No device is in a group: no IOMMU is in use.", List.of())
        : Unread.of(id(), "What is in groups of an IOMMU", new Reading.Absent());
  }

  private Finding missing(PciDevice gpu, PciDevice grouped) {
    String driver =
        gpu.driver().isPresent()
            ? ""
            : " No driver holds it, which explains that on a host with a device tree.";
    return Finding.problem(
            id(),
            Verdict.WARN,
            "%s is in no group of the IOMMU, and %s is in one.%s"
                .formatted(gpu.address(), grouped.address(), driver),
            List.of(gpu.seen().getFirst(), grouped.seen().getFirst()),
            remedy(),
            "ls -l /sys/bus/pci/devices/" + gpu.address() + "/iommu_group")
        .of(gpu.address().toString());
  }
}
