package io.solebox.planner.machine;

import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.hardware.table.PartTable.Found;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Devices as the tables know them. */
final class Profiles {
  private static final double GIGA = 1e9;
  private static final double TERA = 1e12;
  private static final double MIB = 1L << 20;
  private static final double GIB = 1L << 30;

  private final PartTable cards = PartTable.cards();
  private final PartTable hosts = PartTable.hosts();

  PartTable cards() {
    return cards;
  }

  PartTable hosts() {
    return hosts;
  }

  /** By the name that the table itself has for it. */
  Optional<Part> cardNamed(String name) {
    return one(cards.find(name));
  }

  /** By the name that the table itself has for it. */
  Optional<Part> hostNamed(String name) {
    return one(hosts.find(name));
  }

  private static Optional<Part> one(Found found) {
    return switch (found) {
      case Found.One(Part part) -> Optional.of(part);
      case Found.Several _, Found.Unknown _ -> Optional.empty();
    };
  }

  /** A host's processor, with the memory that such hosts are sold with. */
  DeviceProfile processor(Part host) {
    Map<Arithmetic, Rate> rates = new EnumMap<>(Arithmetic.class);
    put(rates, Arithmetic.F32, host, Quantity.CPU_GFLOPS, GIGA);
    return new DeviceProfile(
        host.name(),
        host.figure(Quantity.MEMORY_GIB).map(known -> scaled(known, GIB, Unit.BYTES)),
        host.figure(Quantity.MEMORY_GBS).map(Profiles::bandwidth),
        rates,
        Optional.empty(),
        Draws.host(host),
        Optional.empty(),
        Optional.empty(),
        Optional.of(host));
  }

  /** A card in a slot that holds nothing back. */
  DeviceProfile card(Part card) {
    Map<Arithmetic, Rate> rates = new EnumMap<>(Arithmetic.class);
    put(rates, Arithmetic.F32, card, Quantity.FP32_TFLOPS, TERA);
    put(rates, Arithmetic.F16, card, Quantity.FP16_TFLOPS, TERA);
    put(rates, Arithmetic.INT8, card, Quantity.INT8_TOPS, TERA);
    return new DeviceProfile(
        card.name(),
        card.figure(Quantity.VRAM_MIB).map(known -> scaled(known, MIB, Unit.BYTES)),
        card.figure(Quantity.BANDWIDTH_GBS).map(Profiles::bandwidth),
        rates,
        card.link().map(Part.SourcedLink::link).map((PciLink link) -> Links.carries(link, 1)),
        Draws.card(card),
        card.architecture(),
        Compatibility.refusal(card),
        Optional.of(card));
  }

  private static void put(
      Map<Arithmetic, Rate> rates, Arithmetic kind, Part part, Quantity quantity, double unit) {
    part.figure(quantity)
        .map(known -> scaled(known, unit, Unit.OPERATIONS_PER_SECOND))
        .ifPresent(range -> rates.put(kind, new Rate(range, Rate.Basis.PEAK)));
  }

  private static Rate bandwidth(Figure figure) {
    return new Rate(scaled(figure, GIGA, Unit.BYTES_PER_SECOND), Rate.Basis.PEAK);
  }

  private static Range scaled(Figure figure, double factor, Unit unit) {
    return new Range(figure.low() * factor, figure.high() * factor, unit, figure.source());
  }
}
