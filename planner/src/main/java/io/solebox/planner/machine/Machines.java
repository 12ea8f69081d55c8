package io.solebox.planner.machine;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Profiles of machines that are not there, from the tables. */
public final class Machines {
  private static final double GIGA = 1e9;
  private static final double GIB = 1L << 30;

  private final PartTable cards = PartTable.cards();
  private final PartTable hosts = PartTable.hosts();
  private final PartTable supplies = PartTable.supplies();
  private final PartTable coolers = PartTable.coolers();

  /** The card of that name; see {@link #machine}. */
  public Part card(String name) {
    return Names.find(cards, "card", name);
  }

  /** The host of that name; see {@link #machine}. */
  public Part host(String name) {
    return Names.find(hosts, "host", name);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} for names that are not known, with the
   *     nearest ones, and for sizes that are not positive
   */
  public MachineProfile machine(MachineWish wish) {
    Part host = host(wish.host());
    List<Part> parts = Names.cards(cards, wish.cards());
    Optional<PciLink> slot = wish.slot().map(Names::slot);
    List<String> notes = new ArrayList<>();
    DeviceProfile processor = processor(host, wish.memoryGib(), notes);
    List<DeviceProfile> devices =
        parts.stream().map(each -> card(each, host, slot, parts.size())).toList();
    notes.addAll(Compatibility.notes(host, parts));
    return new MachineProfile(
        name(host, parts),
        processor,
        devices,
        wish.diskGigabytes()
            .map(said -> positive("disk", said))
            .map(said -> Range.exactly(said * GIGA, Unit.BYTES_PER_SECOND, "as it was said")),
        wish.supply().map(text -> Names.supply(supplies, text)),
        wish.cooling().map(text -> Names.find(coolers, "way of cooling", text)),
        Optional.of(host),
        notes);
  }

  private static double positive(String place, double value) {
    if (value > 0 && Double.isFinite(value)) {
      return value;
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        "%s is not more than nothing.".formatted(value),
        "Give a positive number, or leave it out.");
  }

  private static String name(Part host, List<Part> cards) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    cards.forEach(each -> counts.merge(each.name(), 1, Integer::sum));
    String all =
        counts.entrySet().stream()
            .map(each -> (each.getValue() > 1 ? each.getValue() + " x " : "") + each.getKey())
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? host.name() : host.name() + " with " + all;
  }

  private static DeviceProfile processor(Part host, Optional<Double> gib, List<String> notes) {
    Optional<Range> memory =
        gib.map(said -> positive("memory", said))
            .map(said -> Range.exactly(said * GIB, Unit.BYTES, "as it was said"))
            .or(
                () ->
                    host.figure(Quantity.MEMORY_GIB).map(known -> scaled(known, GIB, Unit.BYTES)));
    if (memory.isEmpty()) {
      notes.add("How much memory the host has is not known.");
    }
    Map<Arithmetic, Rate> rates = new EnumMap<>(Arithmetic.class);
    host.figure(Quantity.CPU_GFLOPS)
        .ifPresent(known -> rates.put(Arithmetic.F32, peak(known, GIGA)));
    return new DeviceProfile(
        host.name(),
        memory,
        host.figure(Quantity.MEMORY_GBS).map(known -> bandwidth(known)),
        rates,
        Optional.empty(),
        Draws.host(host),
        Optional.empty(),
        Optional.empty(),
        Optional.of(host));
  }

  private static DeviceProfile card(Part card, Part host, Optional<PciLink> slot, int cards) {
    Map<Arithmetic, Rate> rates = new EnumMap<>(Arithmetic.class);
    card.figure(Quantity.FP32_TFLOPS)
        .ifPresent(known -> rates.put(Arithmetic.F32, peak(known, 1e12)));
    card.figure(Quantity.FP16_TFLOPS)
        .ifPresent(known -> rates.put(Arithmetic.F16, peak(known, 1e12)));
    card.figure(Quantity.INT8_TOPS)
        .ifPresent(known -> rates.put(Arithmetic.INT8, peak(known, 1e12)));
    return new DeviceProfile(
        card.name(),
        card.figure(Quantity.VRAM_MIB).map(known -> scaled(known, 1L << 20, Unit.BYTES)),
        card.figure(Quantity.BANDWIDTH_GBS).map(known -> bandwidth(known)),
        rates,
        link(card, host, slot, cards),
        Draws.card(card),
        card.architecture(),
        Compatibility.refusal(card),
        Optional.of(card));
  }

  private static Rate bandwidth(Figure figure) {
    return new Rate(scaled(figure, GIGA, Unit.BYTES_PER_SECOND), Rate.Basis.PEAK);
  }

  private static Rate peak(Figure figure, double unit) {
    return new Rate(scaled(figure, unit, Unit.OPERATIONS_PER_SECOND), Rate.Basis.PEAK);
  }

  private static Range scaled(Figure figure, double factor, Unit unit) {
    return new Range(figure.low() * factor, figure.high() * factor, unit, figure.source());
  }

  /**
   * What the slowest of host, slot and card carries: of it 0.75 to 0.83 arrive (12.2 to 12.9 GB/s
   * of 15.75 on Gen3 x16, 25 to 26 of 31.5 on Gen4 x16: gearshifft issue 82, nvbandwidth). Whether
   * several cards share it is not known, so the low end is a share of it.
   */
  private static Optional<Range> link(Part card, Part host, Optional<PciLink> slot, int cards) {
    Optional<PciLink> worst =
        Stream.of(
                card.link().map(Part.SourcedLink::link),
                host.link().map(Part.SourcedLink::link),
                slot)
            .flatMap(Optional::stream)
            .min(Comparator.comparingDouble(PciLink::gigabytes));
    return worst.map(
        slowest -> {
          double peak = slowest.gigabytes() * GIGA;
          String sharing =
              cards > 1 ? "; %d cards may share it, through a switch".formatted(cards) : "";
          return new Range(
              peak * 0.75 / cards,
              peak * 0.83,
              Unit.BYTES_PER_SECOND,
              "%s, the slowest of host, slot and card, carries %.2f GB/s, of which 75 to 83 %%"
                      .formatted(slowest, slowest.gigabytes())
                  + " arrive (gearshifft issue 82, nvbandwidth)"
                  + sharing);
        });
  }
}
