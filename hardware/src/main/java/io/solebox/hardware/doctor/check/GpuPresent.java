package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.PciDevice;
import java.util.List;
import java.util.stream.Collectors;

/** Whether there is a GPU on the bus at all. */
final class GpuPresent implements Check {
  @Override
  public String id() {
    return "gpu.present";
  }

  @Override
  public String title() {
    return "a GPU is on the bus";
  }

  @Override
  public List<String> reads() {
    return List.of("sys/bus/pci/devices/*", "lspci*.txt", "nvidia-smi*.txt", "dmesg.txt");
  }

  @Override
  public String rule() {
    return "A failure where a list of all PCI devices has no display controller (class 03xx) and no"
        + " processing accelerator (12xx) of NVIDIA (10de) or AMD (1002), or one whose registers"
        + " read as ones alone.";
  }

  @Override
  public String remedy() {
    return "Seat the card, connect its power, look at PERST# and at the slot's bifurcation in the"
        + " firmware.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Finding> gone =
        facts.pci().gpus().stream()
            .filter(gpu -> gpu.pci().configSpace().filter(space -> space.isGone()).isPresent())
            .map(this::gone)
            .toList();
    if (!gone.isEmpty()) {
      return gone;
    }
    if (!facts.pci().gpus().isEmpty()) {
      return List.of(Finding.calm(id(), Verdict.OK, names(facts), seen(facts.pci().gpus())));
    }
    if (!facts.pci().listed()) {
      return List.of(Unread.of(id(), "The list of PCI devices", new Reading.Absent()));
    }
    List<PciDevice> devices = facts.pci().devices();
    return List.of(
        Finding.problem(
            id(),
            Verdict.FAIL,
            "None of the %d devices on the PCI buses is a GPU of NVIDIA or AMD."
                .formatted(devices.size()),
            List.of(devices.getFirst().seen().getFirst()),
            remedy(),
            "lspci -nn | grep -iE '\\[(03|12)'"));
  }

  private static String names(Facts facts) {
    List<Gpu> gpus = facts.pci().gpus();
    String names =
        gpus.stream()
            .map(gpu -> gpu.name() + " at " + gpu.device())
            .collect(Collectors.joining(", "));
    return gpus.size() == 1
        ? "There is a GPU: " + names + "."
        : gpus.size() + " GPUs: " + names + ".";
  }

  private static List<Evidence> seen(List<Gpu> gpus) {
    return gpus.stream().map(gpu -> gpu.pci().seen().getFirst()).toList();
  }

  private Finding gone(Gpu gpu) {
    return Finding.problem(
            id(),
            Verdict.FAIL,
            gpu.name() + " is listed, but answers with ones alone: it is off the bus.",
            List.of(
                new Evidence("sys/bus/pci/devices/" + gpu.device() + "/config", 0, "ff ff ff ff")),
            "Power the machine off and on again; then look at its power cables, its slot or riser,"
                + " and its heat.",
            "lspci -s " + gpu.device() + " -xxx | head -3")
        .of(gpu.device());
  }
}
