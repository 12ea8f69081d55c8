package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.table.Architecture;
import java.util.List;
import java.util.Optional;

/** What the checks of NVIDIA's GPUs have in common. */
final class Nvidia {
  private Nvidia() {}

  /** NVIDIA's GPUs. */
  static List<Gpu> gpus(Facts facts) {
    return facts.pci().gpus().stream().filter(Gpu::isNvidia).toList();
  }

  /** The GPU at an address, whose function drivers leave out. */
  static Optional<Gpu> at(Facts facts, PciAddress address) {
    return facts.pci().gpus().stream()
        .filter(gpu -> gpu.address().domain() == address.domain())
        .filter(gpu -> gpu.address().bus() == address.bus())
        .filter(gpu -> gpu.address().device() == address.device())
        .findFirst();
  }

  /** What to call the GPU at an address. */
  static String name(Facts facts, PciAddress address) {
    return at(facts, address)
        .filter(gpu -> gpu.pci().device().isPresent() || !gpu.pci().name().isEmpty())
        .map(gpu -> gpu.name() + " at " + address)
        .orElse("The GPU at " + address);
  }

  /** With its generation, as in {@code Tesla V100 SXM2 32GB (10de:1db5), a Volta}. */
  static String named(Gpu gpu) {
    return gpu.architecture()
            .map(Architecture::name)
            .map(name -> gpu.name() + ", " + name + ",")
            .orElse(gpu.name())
        + " at "
        + gpu.device();
  }

  /** That there is no GPU to look at, or that nobody knows of one. */
  static Finding none(String id, Facts facts) {
    return facts.pci().listed()
        ? Finding.calm(id, Verdict.NOT_APPLICABLE, "No GPU of NVIDIA's is on the bus.", List.of())
        : Unread.of(id, "The list of PCI devices", new Reading.Absent());
  }
}
