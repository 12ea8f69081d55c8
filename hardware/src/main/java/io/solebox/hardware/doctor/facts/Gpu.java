package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.table.Architecture;
import io.solebox.hardware.table.GpuCard;
import io.solebox.hardware.table.GpuTable;
import java.util.List;
import java.util.Optional;

/**
 * A GPU of the machine.
 *
 * @param pci the function that computes
 * @param card its model, where the table knows it
 * @param architecture its generation, where the table or {@code nvidia-smi} knows it
 * @param smi what {@code nvidia-smi -q} says of it
 */
public record Gpu(
    PciDevice pci,
    Optional<GpuCard> card,
    Optional<Architecture> architecture,
    Optional<SmiGpu> smi) {
  static Gpu of(PciDevice pci, List<SmiGpu> all, GpuTable table) {
    Optional<SmiGpu> smi =
        all.stream().filter(each -> each.address().equals(pci.address())).findFirst();
    boolean known = pci.vendor().isPresent() && pci.device().isPresent();
    Optional<GpuCard> card =
        known
            ? table.card(pci.vendor().getAsInt(), pci.device().getAsInt())
            : table.named(pci.name());
    Optional<Architecture> architecture =
        known
            ? table.architecture(pci.vendor().getAsInt(), pci.device().getAsInt())
            : Optional.empty();
    return new Gpu(
        pci,
        card,
        architecture
            .or(
                () ->
                    smi.flatMap(each -> each.value("Product Architecture"))
                        .flatMap(name -> table.architecture(name.value())))
            .or(() -> card.flatMap(it -> table.architecture(it.architecture()))),
        smi);
  }

  public PciAddress address() {
    return pci.address();
  }

  /** As {@link Finding#device} names it. */
  public String device() {
    return pci.address().toString();
  }

  /** Whether NVIDIA made it. */
  public boolean isNvidia() {
    return pci.vendor().isPresent() && pci.vendor().getAsInt() == GpuTable.NVIDIA;
  }

  /** What to call it, as in {@code Tesla V100 SXM2 32GB (10de:1db5)}. */
  public String name() {
    String name =
        card.map(GpuCard::name).orElseGet(() -> pci.name().isEmpty() ? "GPU" : pci.name());
    return pci.device().isPresent() ? name + " (" + pci.id() + ")" : name;
  }
}
