package io.solebox.hardware.smoke;

import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.LinkPath;
import io.solebox.hardware.doctor.facts.PciDevice;
import io.solebox.hardware.pci.PciAddress;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Metric;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Where cards are: their links, and the switches that they share. */
public final class Slots {
  private final Facts facts;

  /**
   * @param facts of the machine, as the doctor reads them
   */
  public Slots(Facts facts) {
    this.facts = facts;
  }

  /** The cards with what is known of their links, in their order. */
  public List<CardFacts> placed(List<CardFacts> cards, List<DeviceReading> measured) {
    List<CardFacts> linked =
        cards.stream().map(card -> card.with(link(card, reading(card, measured)))).toList();
    return linked.stream()
        .map(card -> shared(card, linked).map(card.link()::behind).map(card::with).orElse(card))
        .toList();
  }

  /** What is measured of a card; empty where nothing that measures knows it. */
  public static Optional<DeviceReading> reading(CardFacts card, List<DeviceReading> measured) {
    return measured.stream()
        .filter(each -> isAt(each.address(), card.address()))
        .findFirst()
        .or(() -> only(card, measured));
  }

  private static boolean isAt(Optional<String> one, Optional<String> other) {
    Optional<PciAddress> first = one.flatMap(PciAddress::of);
    return first.isPresent() && first.equals(other.flatMap(PciAddress::of));
  }

  /** One that does not tell its address is the only one of its name. */
  private static Optional<DeviceReading> only(CardFacts card, List<DeviceReading> measured) {
    List<DeviceReading> alike =
        measured.stream().filter(each -> each.name().equals(card.name())).toList();
    return card.address().isEmpty() && alike.size() == 1
        ? Optional.of(alike.getFirst())
        : Optional.empty();
  }

  private LinkFacts link(CardFacts card, Optional<DeviceReading> measured) {
    Optional<LinkPath> path =
        card.address()
            .flatMap(PciAddress::of)
            .flatMap(this::gpu)
            .flatMap(gpu -> LinkPath.of(gpu, facts));
    return new LinkFacts(
        Optional.empty(),
        path.map(LinkPath::card),
        path.flatMap(LinkPath::slot),
        measured.flatMap(Slots::together),
        Optional.empty());
  }

  private Optional<Gpu> gpu(PciAddress address) {
    return facts.pci().gpus().stream().filter(gpu -> gpu.address().equals(address)).findFirst();
  }

  private static Optional<PciLink> together(DeviceReading card) {
    OptionalDouble generation = card.value(Metric.PCIE_MAX_GENERATION);
    OptionalDouble lanes = card.value(Metric.PCIE_MAX_LANES);
    return generation.isPresent() && lanes.isPresent()
        ? PciLink.speed((int) generation.getAsDouble())
            .map(speed -> new PciLink(speed, (int) lanes.getAsDouble()))
        : Optional.empty();
  }

  /** The nearest bridge above that is above another card, too. */
  private Optional<LinkFacts.Shared> shared(CardFacts card, List<CardFacts> all) {
    return above(card).stream()
        .filter(bridge -> all.stream().anyMatch(other -> other != card && isBelow(other, bridge)))
        .findFirst()
        .map(
            bridge ->
                new LinkFacts.Shared(
                    bridge.address().toString(),
                    bridge.maxLink().map(Known::value),
                    all.stream()
                        .filter(each -> isBelow(each, bridge))
                        .map(CardFacts::device)
                        .toList()));
  }

  private boolean isBelow(CardFacts card, PciDevice bridge) {
    return above(card).contains(bridge);
  }

  private List<PciDevice> above(CardFacts card) {
    return card.address().flatMap(PciAddress::of).map(facts.pci()::above).orElse(List.of());
  }
}
