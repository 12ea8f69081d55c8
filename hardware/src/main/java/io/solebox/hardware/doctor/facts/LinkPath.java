package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.pci.PciLink;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The link of a GPU, and what it could be.
 *
 * @param gpu whose it is
 * @param now as it was read
 * @param card the best that the card is made for
 * @param slot the best that the port above is made for, where it is known
 * @param load whether the card was at work as that was read; empty where nobody says
 */
public record LinkPath(
    Gpu gpu, Known<PciLink> now, PciLink card, Optional<PciLink> slot, Optional<Boolean> load) {
  /** From this share of time at work on, in percent, a link is at its full speed. */
  private static final double AT_WORK = 10;

  /** Of a GPU of which enough is known. */
  public static Optional<LinkPath> of(Gpu gpu, Facts facts) {
    if (gpu.pci().link().isEmpty() || gpu.pci().maxLink().isEmpty()) {
      return Optional.empty();
    }
    Optional<PciLink> soc = facts.host().model().flatMap(known -> known.value().link());
    Optional<PciLink> port =
        facts.pci().above(gpu.address()).stream()
            .findFirst()
            .flatMap(PciDevice::maxLink)
            .map(Known::value);
    return Optional.of(
        new LinkPath(
            gpu,
            gpu.pci().link().get(),
            gpu.pci().maxLink().get().value(),
            port.or(() -> told(gpu)).or(() -> soc),
            load(gpu)));
  }

  /** The driver knows what the port above is made for; of its lanes it says what both can. */
  private static Optional<PciLink> told(Gpu gpu) {
    String info = "PCI/GPU Link Info/";
    return gpu.smi()
        .flatMap(
            smi -> {
              OptionalDouble generation =
                  smi.number(info + "PCIe Generation/Host Max", info + "PCIe Generation/Max");
              int lanes = gpu.pci().maxLink().orElseThrow().value().lanes();
              return generation.isPresent()
                  ? PciLink.speed((int) generation.getAsDouble())
                      .map(speed -> new PciLink(speed, lanes))
                  : Optional.empty();
            });
  }

  private static Optional<Boolean> load(Gpu gpu) {
    OptionalDouble share =
        gpu.smi()
            .map(smi -> smi.number("Utilization/Gpu", "Utilization/GPU"))
            .orElse(OptionalDouble.empty());
    return share.isPresent() ? Optional.of(share.getAsDouble() >= AT_WORK) : Optional.empty();
  }

  /** Lanes that it should have. */
  public int lanes() {
    return Math.min(card.lanes(), slot.map(PciLink::lanes).orElse(card.lanes()));
  }

  /** Transfers, in 10^9 a second, that it should have at work. */
  public double transfers() {
    return Math.min(card.transfers(), slot.map(PciLink::transfers).orElse(card.transfers()));
  }

  /** As in {@code the card can do 16.0 GT/s x16, the slot 8.0 GT/s x8}. */
  public String limits() {
    return "the card can do " + card + slot.map(link -> ", the slot " + link).orElse("");
  }
}
