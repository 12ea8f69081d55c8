package io.solebox.planner.machine;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.doctor.facts.SmokedCard;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Profiles of machines, from the tables and from machines themselves. */
public final class Machines {
  private static final String SAID = "as it was said";
  private static final double GIGA = 1e9;
  private static final double GIB = 1L << 30;

  private final Profiles profiles = new Profiles();
  private final PartTable supplies = PartTable.supplies();
  private final PartTable coolers = PartTable.coolers();

  /**
   * A machine that is there: this one, or a captured one.
   *
   * @param box what is asked; a tool that hangs takes as long as its deadline
   * @param smoked cards that its last smoke test has measured
   */
  public MachineProfile found(Box box, List<SmokedCard> smoked) {
    return new FoundMachine(profiles, box, new Smoked(smoked)).profile();
  }

  /**
   * As in {@code 1400W platinum}; without a class it is the worst one.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where it is none
   */
  public Supply supply(String text) {
    return Names.supply(supplies, text);
  }

  /**
   * A way to cool cards, as in {@code side-fan}.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where it is not in the table
   */
  public Part cooling(String text) {
    return Names.find(coolers, "way of cooling", text);
  }

  /**
   * A card, as in {@code v100-sxm2-32gb}.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} where the name is not known, with the
   *     nearest ones, or not clear
   */
  public Part card(String text) {
    return Names.find(profiles.cards(), "card", text);
  }

  /**
   * A machine that is not there.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for names that are not known, with the
   *     nearest ones, and for sizes that are not positive
   */
  public MachineProfile machine(MachineWish wish) {
    Part host = Names.find(profiles.hosts(), "host", wish.host());
    List<Part> parts = Names.cards(profiles.cards(), wish.cards());
    Optional<PciLink> slot = wish.slot().map(Names::slot);
    List<String> notes = new ArrayList<>();
    DeviceProfile processor = processor(host, wish);
    if (processor.memory().isEmpty()) {
      notes.add("How much memory the host has is not known.");
    }
    notes.addAll(Compatibility.notes(List.of(host), parts));
    return new MachineProfile(
        name(host, parts),
        processor,
        parts.stream().map(each -> card(each, host, slot, parts.size())).toList(),
        wish.diskGigabytes()
            .map(said -> Range.exactly(positive("disk", said) * GIGA, Unit.BYTES_PER_SECOND, SAID)),
        wish.supply().map(this::supply),
        wish.cooling().map(this::cooling),
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

  private DeviceProfile processor(Part host, MachineWish wish) {
    DeviceProfile usual = profiles.processor(host);
    return wish.memoryGib()
        .map(said -> Range.exactly(positive("memory", said) * GIB, Unit.BYTES, SAID))
        .map(usual::withMemory)
        .orElse(usual);
  }

  private DeviceProfile card(Part card, Part host, Optional<PciLink> slot, int cards) {
    DeviceProfile alone = profiles.card(card);
    return Stream.of(
            card.link().map(Part.SourcedLink::link), host.link().map(Part.SourcedLink::link), slot)
        .flatMap(Optional::stream)
        .min(Comparator.comparingDouble(PciLink::gigabytes))
        .map(slowest -> alone.withLink(Links.carries(slowest, cards)))
        .orElse(alone);
  }
}
